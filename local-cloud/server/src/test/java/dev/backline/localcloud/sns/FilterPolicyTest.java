package dev.backline.localcloud.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FilterPolicyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":[\"x\"]}                                 | {\"a\":\"x\"}            | true",
        "{\"a\":[\"x\"]}                                 | {\"a\":\"X\"}            | false",
        "{\"a\":[\"x\"]}                                 | {\"a\":[\"y\",\"x\"]}    | true",
        "{\"a\":[\"x\"],\"b\":[1]}                       | {\"a\":\"x\",\"b\":1.0}  | true",
        "{\"a\":[\"x\"],\"b\":[1]}                       | {\"a\":\"x\"}            | false",
        "{\"a\":[null,true]}                             | {\"a\":true}             | true",
        "{\"a\":[{\"prefix\":\"ab\"}]}                   | {\"a\":\"abc\"}          | true",
        "{\"a\":[{\"suffix\":\"bc\"}]}                   | {\"a\":\"abc\"}          | true",
        "{\"a\":[{\"equals-ignore-case\":\"ABC\"}]}      | {\"a\":\"abc\"}          | true",
        "{\"a\":[{\"anything-but\":[\"x\",\"y\"]}]}      | {\"a\":\"z\"}            | true",
        "{\"a\":[{\"anything-but\":[\"x\",\"y\"]}]}      | {\"a\":\"y\"}            | false",
        "{\"a\":[{\"anything-but\":\"x\"}]}              | {\"b\":\"y\"}            | false",
        "{\"a\":[{\"anything-but\":{\"prefix\":\"x\"}}]} | {\"a\":\"xy\"}           | false",
        "{\"a\":[{\"numeric\":[\">\",0,\"<=\",5]}]}      | {\"a\":5}                | true",
        "{\"a\":[{\"numeric\":[\">\",0,\"<=\",5]}]}      | {\"a\":5.01}             | false",
        "{\"a\":[{\"numeric\":[\"=\",5]}]}               | {\"a\":\"5\"}            | false",
        "{\"a\":[{\"exists\":true}]}                     | {\"a\":\"\"}             | true",
        "{\"a\":[{\"exists\":false}]}                    | {\"b\":1}                | true",
        "{\"a\":{\"b\":[1]}}                             | {\"a\":{\"b\":1}}        | true",
        "{\"a\":{\"b\":[1]}}                             | {\"a\":[{\"b\":2},{\"b\":1}]} | true",
        "{\"a\":{\"b\":[{\"exists\":false}]}}            | {\"c\":1}                | true",
        "{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}             | {\"b\":2}                | true",
        "{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}             | {\"b\":1}                | false",
      })
  void decidesAsSnsDoes(String policy, String message, boolean accepted) {
    assertThat(FilterPolicy.parse(policy).accepts(JsonMapper.shared().readTree(message)))
        .isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":\"x\"}",
        "{\"a\":[]}",
        "{\"a\":[[1]]}",
        "{\"a\":[{\"cidr\":\"10.0.0.0/8\"}]}",
        "{\"a\":[{\"numeric\":[\">\"]}]}",
        "{\"$or\":{\"a\":[1]}}"
      })
  void aPolicyThatItDoesNotUnderstandIsRefused(String policy) {
    assertThatExceptionOfType(SnsException.class)
        .isThrownBy(() -> FilterPolicy.parse(policy))
        .withMessageContaining("FilterPolicy");
  }
}
