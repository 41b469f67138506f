package dev.backline.beapi.config;

import static dev.backline.beapi.security.Scopes.authority;

import dev.backline.beapi.input.PlainText;
import dev.backline.beapi.security.Scopes;
import java.time.Duration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.client.RestTemplate;

/** The whole access rule of this service: what is not named here is denied. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  /** Keys are small and near; a key server that is slower is treated as down. */
  private static final Duration KEY_TIMEOUT = Duration.ofSeconds(2);

  @Bean
  SecurityFilterChain rules(HttpSecurity http, SecurityProblems problems) throws Exception {
    return http.authorizeHttpRequests(
            rules ->
                rules
                    .requestMatchers(HttpMethod.GET, "/api/campaigns", "/api/campaigns/*")
                    .permitAll()
                    .requestMatchers(HttpMethod.HEAD, "/api/campaigns", "/api/campaigns/*")
                    .permitAll()
                    .requestMatchers("/api/campaigns", "/api/campaigns/**")
                    .hasAuthority(authority(Scopes.CAMPAIGNS_WRITE))
                    .requestMatchers("/api/links/*/stats")
                    .hasAuthority(authority(Scopes.STATS_READ))
                    .requestMatchers("/api/links", "/api/links/**")
                    .hasAuthority(authority(Scopes.LINKS_WRITE))
                    .requestMatchers(
                        HttpMethod.GET, "/api/openapi/**", "/api/docs/**", "/api/swagger-ui/**")
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/livez", "/readyz")
                    .permitAll()
                    // They listen on the management port only, which no balancer forwards to.
                    .requestMatchers(
                        EndpointRequest.to("health", "info", "prometheus", "drainplan"))
                    .permitAll()
                    .requestMatchers("/error")
                    .permitAll()
                    .anyRequest()
                    .denyAll())
        .oauth2ResourceServer(
            server ->
                server
                    .jwt(jwt -> {})
                    .authenticationEntryPoint(problems)
                    .accessDeniedHandler(problems)
                    .withObjectPostProcessor(failuresTo(problems)))
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        // No cookie authenticates anyone here, so there is nothing that another site could misuse.
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .build();
  }

  /** By default a key server that is down would come out as 500. */
  private static ObjectPostProcessor<BearerTokenAuthenticationFilter> failuresTo(
      SecurityProblems problems) {
    return new ObjectPostProcessor<>() {
      @Override
      public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
        filter.setAuthenticationFailureHandler(problems::commence);
        return filter;
      }
    };
  }

  @Bean
  JwkSetUriJwtDecoderBuilderCustomizer keyTimeouts() {
    var requests = new SimpleClientHttpRequestFactory();
    requests.setConnectTimeout(KEY_TIMEOUT);
    requests.setReadTimeout(KEY_TIMEOUT);
    return decoder -> decoder.restOperations(new RestTemplate(requests));
  }

  /** A token that never expires could not be taken back. */
  @Bean
  OAuth2TokenValidator<Jwt> expiryIsThere() {
    var missing = new OAuth2Error("invalid_token", "The token has no expiry", null);
    return jwt ->
        jwt.getExpiresAt() != null
            ? OAuth2TokenValidatorResult.success()
            : OAuth2TokenValidatorResult.failure(missing);
  }

  /**
   * The subject owns links, so there must be one; one that a store cannot hold as it is could come
   * back as somebody else's.
   */
  @Bean
  OAuth2TokenValidator<Jwt> subjectIsThere() {
    var missing = new OAuth2Error("invalid_token", "The token has no usable subject", null);
    return jwt -> {
      var subject = jwt.getSubject();
      boolean there =
          subject != null
              && !subject.isBlank()
              && subject.length() <= 255
              && !PlainText.hasUnpairedSurrogate(subject);
      return there
          ? OAuth2TokenValidatorResult.success()
          : OAuth2TokenValidatorResult.failure(missing);
    };
  }
}
