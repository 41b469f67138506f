package dev.backline.beapi.config;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Backline API")
                .version("1")
                .description(
                    "Campaigns, short links and their statistics. Errors are RFC 9457 problems with a stable type.")
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")))
        .components(
            new Components()
                .addSecuritySchemes(
                    BEARER,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT")
                        .description("Scopes: campaigns:write, links:write, stats:read")))
        .addSecurityItem(new SecurityRequirement().addList(BEARER));
  }

  @Bean
  OpenApiCustomizer problemsEverywhere() {
    return api -> {
      api.getComponents().addSchemas(PROBLEM, problem());
      api.getPaths()
          .values()
          .forEach(path -> path.readOperations().forEach(OpenApiConfiguration::addProblem));
    };
  }

  private static void addProblem(Operation operation) {
    var problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
    operation
        .getResponses()
        .addApiResponse(
            "default",
            new ApiResponse()
                .description("A problem")
                .content(new Content().addMediaType("application/problem+json", problem)));
  }

  private static Schema<?> problem() {
    var field =
        new ObjectSchema()
            .addProperty("field", new StringSchema())
            .addProperty("message", new StringSchema());
    return new ObjectSchema()
        .description("RFC 9457. Programs decide by type; detail is for people and may change.")
        .addProperty(
            "type",
            new StringSchema().format("uri").example("https://backline.dev/problems/code-taken"))
        .addProperty("title", new StringSchema())
        .addProperty("status", new IntegerSchema())
        .addProperty("detail", new StringSchema())
        .addProperty("instance", new StringSchema())
        .addProperty("traceId", new StringSchema().description("Names the request in the logs"))
        .addProperty(
            "reason",
            new StringSchema().description("With target-refused: which rule the target breaks"))
        .addProperty(
            "errors",
            new ArraySchema()
                .items(field)
                .description("With validation-failed: the fields that were refused"));
  }
}
