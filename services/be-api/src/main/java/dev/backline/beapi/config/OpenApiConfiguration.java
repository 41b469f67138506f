package dev.backline.beapi.config;

import static java.util.Map.entry;
import static org.springframework.http.HttpStatus.CONFLICT;
import static org.springframework.http.HttpStatus.CONTENT_TOO_LARGE;
import static org.springframework.http.HttpStatus.GONE;
import static org.springframework.http.HttpStatus.NOT_FOUND;
import static org.springframework.http.HttpStatus.PRECONDITION_FAILED;
import static org.springframework.http.HttpStatus.PRECONDITION_REQUIRED;
import static org.springframework.http.HttpStatus.UNPROCESSABLE_CONTENT;
import static org.springframework.http.HttpStatus.UNSUPPORTED_MEDIA_TYPE;

import dev.backline.beapi.security.Scopes;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
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
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";

  /** How an operation may refuse, beyond what each may: 400, 401, 403 and 503. */
  private static final Map<String, List<HttpStatus>> REFUSALS =
      Map.ofEntries(
          entry(
              "POST /api/campaigns", List.of(CONFLICT, CONTENT_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE)),
          entry("GET /api/campaigns/{slug}", List.of(NOT_FOUND)),
          entry(
              "PUT /api/campaigns/{slug}",
              List.of(
                  NOT_FOUND,
                  CONFLICT,
                  PRECONDITION_FAILED,
                  CONTENT_TOO_LARGE,
                  UNSUPPORTED_MEDIA_TYPE,
                  PRECONDITION_REQUIRED)),
          entry(
              "POST /api/campaigns/{slug}/publish",
              List.of(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
          entry(
              "POST /api/campaigns/{slug}/close",
              List.of(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
          entry(
              "POST /api/links",
              List.of(
                  CONFLICT,
                  GONE,
                  CONTENT_TOO_LARGE,
                  UNSUPPORTED_MEDIA_TYPE,
                  UNPROCESSABLE_CONTENT)),
          entry("GET /api/links/{code}", List.of(NOT_FOUND, GONE)),
          entry(
              "PATCH /api/links/{code}",
              List.of(
                  NOT_FOUND, GONE, PRECONDITION_FAILED, CONTENT_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE)),
          entry("DELETE /api/links/{code}", List.of(NOT_FOUND, GONE, PRECONDITION_FAILED)),
          entry("GET /api/links/{code}/stats", List.of(NOT_FOUND)),
          entry("POST /api/links/import", List.of(UNSUPPORTED_MEDIA_TYPE)));

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
          .forEach(
              (path, item) ->
                  item.readOperationsMap()
                      .forEach((method, operation) -> describe(path, method, operation)));
    };
  }

  private static void describe(String path, PathItem.HttpMethod method, Operation operation) {
    var scope = scopeOf(path);
    var withScope = new SecurityRequirement().addList(BEARER, scope);
    // Annotated as open to all: there a token is welcome, since it shows drafts.
    boolean open = operation.getSecurity() != null && operation.getSecurity().isEmpty();
    operation.setSecurity(
        open ? List.of(new SecurityRequirement(), withScope) : List.of(withScope));
    addProblem(operation, "400", HttpStatus.BAD_REQUEST.getReasonPhrase());
    addProblem(operation, "401", "The token is missing or not accepted");
    if (!open) {
      addProblem(operation, "403", "The token lacks the scope " + scope);
    }
    for (var status : REFUSALS.getOrDefault(method + " " + path, List.of())) {
      addProblem(operation, Integer.toString(status.value()), status.getReasonPhrase());
    }
    addProblem(operation, "503", "A store is away; try again after Retry-After");
    addProblem(operation, "default", "A problem");
  }

  private static String scopeOf(String path) {
    if (path.startsWith("/api/campaigns")) {
      return Scopes.CAMPAIGNS_WRITE;
    }
    return path.endsWith("/stats") ? Scopes.STATS_READ : Scopes.LINKS_WRITE;
  }

  private static void addProblem(Operation operation, String status, String description) {
    var problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
    operation
        .getResponses()
        .addApiResponse(
            status,
            new ApiResponse()
                .description(description)
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
