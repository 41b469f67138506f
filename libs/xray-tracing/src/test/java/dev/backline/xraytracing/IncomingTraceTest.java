package dev.backline.xraytracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingTraceTest {

  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";

  @Test
  void aHeaderOfALoadBalancerHasARootAndNoParent() {
    assertThat(IncomingTrace.parse("Self=1-67891234-12456789abcdef012345678;Root=" + ROOT))
        .isEqualTo(new IncomingTrace(ROOT, null, null));
  }

  @Test
  void parentAndDecisionOfTheCallerAreTaken() {
    assertThat(IncomingTrace.parse("Root=" + ROOT + "; Parent=53995c3f42cd8ad8; Sampled=1"))
        .isEqualTo(new IncomingTrace(ROOT, "53995c3f42cd8ad8", true));
    assertThat(IncomingTrace.parse("Root=" + ROOT + ";Sampled=0;Lineage=a:1"))
        .isEqualTo(new IncomingTrace(ROOT, null, false));
    assertThat(IncomingTrace.parse("Root=" + ROOT + ";Sampled=?").sampled()).isNull();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        ";;;",
        "=",
        "Sampled=1",
        "Parent=53995c3f42cd8ad8",
        "Root=",
        "Root=2-5759e988-bd862e3fe1be46a994272793",
        "Root=1-5759e988-bd862e3fe1be46a99427279",
        "Root=1-5759e988-bd862e3fe1be46a99427279G",
        "Root=1-5759e988-bd862e3fe1be46a994272793\u0000",
        "garbage"
      })
  void whateverIsMalformedBeginsANewTrace(String header) {
    assertThat(IncomingTrace.parse(header)).isEqualTo(IncomingTrace.NONE);
  }

  @Test
  void aMalformedParentIsDroppedAndTheRootKept() {
    assertThat(IncomingTrace.parse("Root=" + ROOT + ";Parent=zzz"))
        .isEqualTo(new IncomingTrace(ROOT, null, null));
  }

  @Test
  void anEndlessHeaderIsNotRead() {
    assertThat(IncomingTrace.parse("Root=" + ROOT + ";x=" + "y".repeat(600)))
        .isEqualTo(IncomingTrace.NONE);
  }
}
