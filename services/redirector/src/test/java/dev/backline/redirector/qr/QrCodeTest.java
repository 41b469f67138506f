package dev.backline.redirector.qr;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class QrCodeTest {

  private static final String URL = "https://go.example.com/aB3dE9x";

  @ParameterizedTest
  @ValueSource(ints = {128, 160, 256, 777, 1024})
  void aReaderReadsWhatThePngSays(int size) throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(QrCode.of(URL).png(size)));

    assertThat(image.getWidth()).isEqualTo(size);
    assertThat(image.getHeight()).isEqualTo(size);
    assertThat(read(image)).isEqualTo(URL);
  }

  @Test
  void aCodeThatNeedsMorePixelsGetsThem() throws Exception {
    String url = URL + "%ED%95%9C".repeat(64);

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(QrCode.of(url).png(128)));

    assertThat(image.getWidth()).isGreaterThan(128);
    assertThat(read(image)).isEqualTo(url);
  }

  @Test
  void theSvgIsOneSquarePathOfTheAskedSize() throws Exception {
    Element svg =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(QrCode.of(URL).svg(300)))
            .getDocumentElement();

    assertThat(svg.getTagName()).isEqualTo("svg");
    assertThat(svg.getAttribute("width")).isEqualTo("300");
    assertThat(read(drawn(svg))).isEqualTo(URL);
  }

  /** Draws the runs of the path, ten pixels per module. */
  private static BufferedImage drawn(Element svg) {
    int side = Integer.parseInt(svg.getAttribute("viewBox").split(" ", -1)[2]) * 10;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    java.awt.Graphics2D graphics = image.createGraphics();
    graphics.setColor(java.awt.Color.WHITE);
    graphics.fillRect(0, 0, side, side);
    graphics.setColor(java.awt.Color.BLACK);
    String path = ((Element) svg.getElementsByTagName("path").item(0)).getAttribute("d");
    for (String run : path.substring(1).split("M", -1)) {
      String[] numbers = run.split("[ hvz-]+", -1);
      graphics.fillRect(
          Integer.parseInt(numbers[0]) * 10,
          Integer.parseInt(numbers[1]) * 10,
          Integer.parseInt(numbers[2]) * 10,
          10);
    }
    return image;
  }

  private static String read(BufferedImage image) throws Exception {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return new QRCodeReader()
        .decode(
            new BinaryBitmap(
                new HybridBinarizer(
                    new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
        .getText();
  }

  @Test
  void aSmallPngIsSmall() {
    assertThat(QrCode.of(URL).png(256)).hasSizeLessThan(1_000);
    assertThat(new String(QrCode.of(URL).svg(256), StandardCharsets.US_ASCII))
        .doesNotContain("script");
  }
}
