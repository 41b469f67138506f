package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.App;

class EnvConfigTest {

  @Test
  void anUnknownEnvironmentIsToldWithThoseThatThereAre() {
    assertThatThrownBy(() -> EnvConfig.named("staging"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("There is no environment 'staging': choose one of beta, prod");
  }

  @Test
  void aMissingDomainIsTold() {
    assertThatThrownBy(() -> new EnvConfig.Domain("", "Z1", "www.x.com", "s.x.com", "o.x.com"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(
            "The domain is missing: zoneName has to be the name of a hosted zone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                  | www.x.com | s.x.com   | x.com: zoneId is '', and has to be the id of a hosted zone",
        "Z1                  | www.y.com | s.x.com   | x.com: host is 'www.y.com', and has to be in the hosted zone",
        "Z1                  | www.x.com | www.x.com | x.com: hosts is '[www.x.com, www.x.com, o.x.com]', and has to be three different ones",
      })
  void hostsThatDoNotFitTheZoneAreTold(
      String zoneId, String web, String shortLinks, String problem) {
    assertThatThrownBy(() -> new EnvConfig.Domain("x.com", zoneId, web, shortLinks, "o.x.com"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,  10.1.2.0/24, true",
    "10.1.2.0/24, 10.0.0.0/8,  true",
    "10.1.0.0/16, 10.1.0.0/16, true",
    "10.1.0.0/16, 10.2.0.0/16, false",
    "10.1.0.0/17, 10.1.128.0/17, false",
    "0.0.0.0/0,   192.168.1.1/32, true",
  })
  void rangesOverlapWhereTheyShareAnAddress(String one, String other, boolean overlap) {
    assertThat(new Cidr(one).overlaps(new Cidr(other))).isEqualTo(overlap);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.10.0.0    | is no range of addresses like 10.10.0.0/16",
        "10.10.0.0/33 | is no range of addresses: /33 > /32",
        "10.300.0.0/16 | is no range of addresses: 300 > 255",
        "10.10.1.0/16 | has bits behind its prefix, so that it is unclear what is meant",
        "fd00::/8     | is no range of addresses like 10.10.0.0/16",
      })
  void whatIsNoRangeIsTold(String range, String problem) {
    assertThatThrownBy(() -> new Cidr(range))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(range + " " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.20.128.0/17 | prod, 10.20.0.0/16",
        "10.0.8.0/24    | management, 10.0.0.0/16",
        "172.16.99.0/24 | the office, 172.16.0.0/16",
      })
  void networksThatOverlapAreToldAtSynthesis(String network, String other, @TempDir Path out) {
    var app = App.Builder.create().outdir(out.toString()).build();
    var overlapping = withNetwork("gamma", new Cidr(network));

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> InfraApp.build(app, List.of(EnvConfig.prod(), overlapping)))
        .withMessage(
            "The network of gamma, %s, overlaps with that of %s: choose another one in EnvConfig"
                .formatted(network, other));
  }

  @Test
  void theNameOfAnEnvironmentFitsNamesOfResources() {
    assertThatThrownBy(() -> withNetwork("Prod_2", new Cidr("10.30.0.0/16")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("The environment's name 'Prod_2' has to be");
  }

  private static EnvConfig withNetwork(String name, Cidr network) {
    var prod = EnvConfig.prod();
    return new EnvConfig(
        name,
        prod.account(),
        prod.region(),
        prod.zones(),
        network,
        prod.natGateways(),
        prod.vpn(),
        prod.domain(),
        prod.database(),
        prod.cache(),
        prod.search(),
        prod.services(),
        prod.monthlyBudget(),
        prod.protect());
  }
}
