package dev.backline.redirector.redirect.web;

import tools.jackson.databind.json.JsonMapper;

/**
 * The answers that lead nowhere, each as a page in two languages and as problem+json, written once.
 */
enum Notice {
  NOT_FOUND(
      404,
      "link-not-found",
      // Short: the code may be given to a link in the next moment.
      "public, max-age=10",
      new Text("Link not found", "There is no such link. Please check the address for typos."),
      new Text("링크를 찾을 수 없어요", "없는 링크입니다. 주소를 잘못 옮겨 적지 않았는지 확인해 주세요.")),
  GONE(
      410,
      "link-gone",
      "public, max-age=60",
      new Text("This link has ended", "It has expired or was taken down by its owner."),
      new Text("더 이상 열 수 없는 링크예요", "기간이 끝났거나 만든 사람이 내린 링크입니다.")),
  UNAVAILABLE(
      503,
      "links-unavailable",
      "no-store",
      new Text("Please try again in a moment", "We cannot look up this link right now."),
      new Text("잠시 뒤에 다시 열어 주세요", "지금은 링크를 확인할 수 없습니다.")),
  BAD_ADDRESS(
      400,
      "bad-address",
      "no-store",
      new Text("This address is broken", "It holds characters that no link has."),
      new Text("주소가 올바르지 않아요", "링크에 쓰일 수 없는 문자가 들어 있습니다.")),
  BAD_SIZE(
      400,
      "bad-size",
      "no-store",
      new Text("This size is not possible", "size is a number of pixels from 128 to 1024."),
      new Text("만들 수 없는 크기예요", "size는 128에서 1024 사이의 픽셀 수입니다.")),
  METHOD(
      405,
      "method-not-allowed",
      "no-store",
      new Text("Links can only be opened", "Only GET and HEAD are answered here."),
      new Text("링크는 열어 볼 수만 있어요", "GET과 HEAD 요청만 받습니다."));

  private final int status;
  private final String cacheControl;
  private final String english;
  private final String korean;
  private final String problem;

  Notice(int status, String slug, String cacheControl, Text english, Text korean) {
    this.status = status;
    this.cacheControl = cacheControl;
    this.english = Pages.notice(Language.ENGLISH, english.title(), english.detail());
    this.korean = Pages.notice(Language.KOREAN, korean.title(), korean.detail());
    this.problem =
        JsonMapper.shared()
            .writeValueAsString(
                new Problem(
                    "https://backline.dev/problems/" + slug,
                    english.title(),
                    status,
                    english.detail()));
  }

  int status() {
    return status;
  }

  String cacheControl() {
    return cacheControl;
  }

  String body(Format format, Language language) {
    return switch (format) {
      case PROBLEM -> problem;
      case HTML -> language == Language.KOREAN ? korean : english;
    };
  }

  private record Text(String title, String detail) {}

  /** RFC 9457. */
  private record Problem(String type, String title, int status, String detail) {}
}
