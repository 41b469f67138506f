package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.budgets.CfnBudget;
import software.amazon.awscdk.services.budgets.CfnBudget.BudgetDataProperty;
import software.amazon.awscdk.services.budgets.CfnBudget.NotificationProperty;
import software.amazon.awscdk.services.budgets.CfnBudget.NotificationWithSubscribersProperty;
import software.amazon.awscdk.services.budgets.CfnBudget.SpendProperty;
import software.amazon.awscdk.services.budgets.CfnBudget.SubscriberProperty;
import software.constructs.Construct;

/**
 * What an environment may cost in a month. Costs are found by the tag {@code environment}, which
 * somebody has to activate as a cost allocation tag once per account.
 */
final class Budget extends Construct {

  private static final int SPENT_PERCENT = 80;
  private static final int FORESEEN_PERCENT = 100;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  Budget(Construct scope, EnvConfig env) {
    super(scope, "Budget");
    CfnBudget.Builder.create(this, "Monthly")
        .budget(
            BudgetDataProperty.builder()
                .budgetName("backline-" + env.name())
                .budgetType("COST")
                .timeUnit("MONTHLY")
                .budgetLimit(
                    SpendProperty.builder().amount(env.monthlyBudget()).unit("USD").build())
                .costFilters(Map.of("TagKeyValue", List.of("user:environment$" + env.name())))
                .build())
        .notificationsWithSubscribers(
            List.of(notice("ACTUAL", SPENT_PERCENT), notice("FORECASTED", FORESEEN_PERCENT)))
        .build();
  }

  private static NotificationWithSubscribersProperty notice(String type, int percent) {
    return NotificationWithSubscribersProperty.builder()
        .notification(
            NotificationProperty.builder()
                .notificationType(type)
                .comparisonOperator("GREATER_THAN")
                .threshold(percent)
                .thresholdType("PERCENTAGE")
                .build())
        .subscribers(
            List.of(
                SubscriberProperty.builder()
                    .subscriptionType("EMAIL")
                    .address(Organization.ALARM_EMAIL)
                    .build()))
        .build();
  }
}
