package dev.backline.infra.delivery;

import static java.util.Objects.requireNonNull;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ecr.TagStatus;
import software.amazon.awscdk.services.iam.OidcProviderNative;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;

/**
 * {@code delivery}: the images, and what GitHub's workflows may do. Environments share the images,
 * so that prod gets what beta ran. Nobody has an access key: a workflow shows GitHub's signed
 * statement of what it is.
 */
public final class DeliveryStack extends BacklineStack {

  /** Folders of {@code services/} that have an image. */
  public static final List<String> SERVICES = List.of("be-api", "redirector", "event-worker");

  private static final String GITHUB = "token.actions.githubusercontent.com";

  /** Of {@code cdk bootstrap}, for who does not choose another. */
  private static final String BOOTSTRAP_QUALIFIER = "hnb659fds";

  private static final int KEPT_IMAGES = 50;

  private final Map<String, Repository> repositories = new LinkedHashMap<>();
  private final OidcProviderNative github;

  public DeliveryStack(App app) {
    super(app, "delivery", "delivery", Organization.ACCOUNT, Organization.REGION, 2, true);
    SERVICES.forEach(service -> repositories.put(service, repository(service)));
    github =
        OidcProviderNative.Builder.create(this, "GitHub")
            .url("https://" + GITHUB)
            .clientIds(List.of("sts.amazonaws.com"))
            .build();
    images();
    EnvConfig.all().forEach(this::deployment);
  }

  /** Where a service's images are, by the name of the service. */
  public IRepository images(String service) {
    return requireNonNull(repositories.get(service), service);
  }

  private Repository repository(String service) {
    return Repository.Builder.create(this, "Images-" + service)
        .repositoryName("backline/" + service)
        .imageTagMutability(TagMutability.IMMUTABLE)
        .imageScanOnPush(true)
        .lifecycleRules(
            List.of(
                LifecycleRule.builder()
                    .rulePriority(1)
                    .description("Builds that were not finished")
                    .tagStatus(TagStatus.UNTAGGED)
                    .maxImageAge(Duration.days(7))
                    .build(),
                LifecycleRule.builder()
                    .rulePriority(2)
                    .description("Versions that nobody goes back to")
                    .tagStatus(TagStatus.ANY)
                    .maxImageCount(KEPT_IMAGES)
                    .build()))
        .build();
  }

  /** Builds of a tag push images; no other workflow does. */
  private void images() {
    var role = role("Images", "backline-github-images", "ref:refs/tags/v*");
    role.addToPolicy(statement(List.of("*"), "ecr:GetAuthorizationToken"));
    role.addToPolicy(
        statement(
            repositories.values().stream().map(Repository::getRepositoryArn).toList(),
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart"));
  }

  /**
   * Jobs of the GitHub environment, which may want a person's consent, deploy as the roles that the
   * CDK made when the account was prepared. Those know no environments: as long as beta and prod
   * share an account, it is GitHub alone that keeps their jobs apart.
   */
  private void deployment(EnvConfig env) {
    var role =
        role(
            "Deploy-" + env.name(),
            "backline-github-deploy-" + env.name(),
            "environment:" + env.name());
    var bootstrapped = new ArrayList<String>();
    for (String region : List.of(env.region(), EnvConfig.EDGE_REGION)) {
      for (String purpose : List.of("deploy", "file-publishing")) {
        bootstrapped.add(
            "arn:aws:iam::%s:role/cdk-%s-%s-role-%s-%s"
                .formatted(env.account(), BOOTSTRAP_QUALIFIER, purpose, env.account(), region));
      }
    }
    role.addToPolicy(statement(bootstrapped, "sts:AssumeRole"));
  }

  private Role role(String id, String name, String subject) {
    var equal = new LinkedHashMap<String, Object>();
    equal.put(GITHUB + ":aud", "sts.amazonaws.com");
    var like = new LinkedHashMap<String, Object>();
    like.put(GITHUB + ":sub", "repo:%s:%s".formatted(Organization.REPOSITORY, subject));
    var conditions = new LinkedHashMap<String, Object>();
    conditions.put("StringEquals", equal);
    conditions.put("StringLike", like);
    return Role.Builder.create(this, id)
        .roleName(name)
        .assumedBy(new WebIdentityPrincipal(github.getOidcProviderArn(), conditions))
        .maxSessionDuration(Duration.hours(1))
        .build();
  }

  private static PolicyStatement statement(List<String> resources, String... actions) {
    return PolicyStatement.Builder.create().actions(List.of(actions)).resources(resources).build();
  }
}
