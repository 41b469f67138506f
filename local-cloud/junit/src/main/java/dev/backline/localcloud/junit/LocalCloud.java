package dev.backline.localcloud.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class AWS, Redis, PostgreSQL and an X-Ray receiver of its own: tables, queues,
 * topics, a database and a Redis database that no other class sees. A Spring test is connected to
 * them by properties; any test method or constructor can take a {@link Cloud} parameter.
 *
 * <p>{@code -Dcloud=embedded} starts one local cloud per build; {@code localstack} and {@code
 * floci} have AWS in a container; {@code external} uses {@code AWS_ENDPOINT_URL} of the
 * environment. By default it is LocalStack where Docker has its image, else embedded. All these
 * tests have the tag {@code cloud}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("cloud")
@ExtendWith(LocalCloudExtension.class)
public @interface LocalCloud {

  /**
   * Classes with the same name share their resources, and with them a Spring context; for classes
   * that do not disturb each other. By default each class is alone.
   */
  String shared() default "";
}
