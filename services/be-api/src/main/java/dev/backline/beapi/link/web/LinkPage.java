package dev.backline.beapi.link.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

record LinkPage(
    List<LinkView> items,
    @Schema(description = "Send it as cursor to get the next page; null on the last one")
        @Nullable String nextCursor) {}
