/**
 * The key pair that signs the desk's access tokens: one file, shared by the local cloud and {@code
 * make token}.
 */
@NullMarked
package dev.backline.datastack.signingkey;

import org.jspecify.annotations.NullMarked;
