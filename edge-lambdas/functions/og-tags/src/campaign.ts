import { cut, type Item, text } from "@backline/lambda-edge";

/** What a preview shows, ready for people's eyes. */
export interface Campaign {
  status: "published" | "closed";
  title: string;
  description: string | undefined;
  /** Path below /images. */
  imageKey: string | undefined;
}

/** As many code points as messengers show of a title, and of a description. */
const TITLE_LENGTH = 60;
const DESCRIPTION_LENGTH = 110;

/** An item may have 400 KB of text, which would take longer to read than DynamoDB to find. */
const READ_LENGTH = 10_000;

/** The form that be-api gives image keys. Nothing in it needs to be encoded, and none leads out of /images. */
const IMAGE_KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const IMAGE_KEY_MAX_LENGTH = 200;

/**
 * Reads an item of `campaign-previews`. What is optional and not as it should be is left out.
 *
 * @returns undefined for a campaign that nobody may see
 * @throws Error where it cannot be told what the campaign is
 */
export function readCampaign(item: Item): Campaign | undefined {
  const status = text(item, "status");
  if (status === "draft") {
    return undefined;
  }
  if (status !== "published" && status !== "closed") {
    throw new Error("The item's status is none that is known");
  }
  const title = line(text(item, "title"), TITLE_LENGTH);
  if (title === undefined) {
    throw new Error("The item has no title");
  }
  const place = [text(item, "artist"), text(item, "city")].filter((part) => part?.trim()).join(" · ");
  const imageKey = text(item, "imageKey");
  return {
    status,
    title,
    description: line(text(item, "description"), DESCRIPTION_LENGTH) ?? line(place, DESCRIPTION_LENGTH),
    imageKey: imageKey && imageKey.length <= IMAGE_KEY_MAX_LENGTH && IMAGE_KEY.test(imageKey) ? imageKey : undefined,
  };
}

/**
 * One line of text. Without what is not seen and can reorder or break what is: control characters, bidirectional
 * controls, halves of surrogate pairs, noncharacters.
 */
function line(text: string | undefined, length: number): string | undefined {
  const seen = text
    ?.slice(0, READ_LENGTH)
    .replace(/[\p{Bidi_Control}\p{Surrogate}\p{Noncharacter_Code_Point}]/gu, "")
    .replace(/[\s\p{Control}]+/gu, " ")
    .normalize("NFC")
    .trim();
  return seen ? cut(seen, length) : undefined;
}
