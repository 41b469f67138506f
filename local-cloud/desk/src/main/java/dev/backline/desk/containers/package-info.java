/** What containers of docker-compose.yml run besides the cloud and the services. */
@NullMarked
package dev.backline.desk.containers;

import org.jspecify.annotations.NullMarked;
