package dev.backline.infra.database;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.opensearchservice.IDomain;
import software.amazon.awscdk.services.rds.IDatabaseCluster;
import software.amazon.awscdk.services.secretsmanager.ISecret;

/**
 * {@code <env>-database}: Aurora, cache and search, in subnets that the internet does not reach.
 */
public final class DatabaseStack extends BacklineStack {

  private final Aurora aurora;
  private final Valkey valkey;
  private final SearchDomain search;

  public DatabaseStack(App app, EnvConfig env, NetworkStack network) {
    super(app, env, "database");
    aurora = new Aurora(this, env, network);
    valkey = new Valkey(this, env, network);
    search = new SearchDomain(this, env, network);
  }

  public IDatabaseCluster aurora() {
    return aurora.cluster();
  }

  /** Of Aurora: {@code host}, {@code port}, {@code dbname}, {@code username}, {@code password}. */
  public ISecret auroraSecret() {
    return aurora.secret();
  }

  /** Host of the primary. */
  public String cacheEndpoint() {
    return valkey.endpoint();
  }

  public String cachePort() {
    return valkey.port();
  }

  public String cacheReplicationGroupId() {
    return valkey.replicationGroupId();
  }

  /** {@code username} and {@code password} of the user who may not call KEYS. */
  public ISecret cacheSecret() {
    return valkey.secret();
  }

  public IDomain searchDomain() {
    return search.domain();
  }

  /** Host of OpenSearch, which speaks HTTPS on 443 and wants signed requests. */
  public String searchEndpoint() {
    return search.domain().getDomainEndpoint();
  }
}
