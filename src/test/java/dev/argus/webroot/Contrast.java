package dev.argus.webroot;

/** Measures the contrast of what a page shows, as WCAG 2 level AA asks for it. */
final class Contrast {
    /** Gives a line for each piece of visible text with less than 4.5 to 1 (3 to 1 when large). */
    static final String SCRIPT = """
            () => {
              const parse = (colour) => {
                const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
                return { r, g, b, a };
              };
              const over = (top, below) => ({
                r: top.r * top.a + below.r * (1 - top.a),
                g: top.g * top.a + below.g * (1 - top.a),
                b: top.b * top.a + below.b * (1 - top.a),
                a: 1,
              });
              const groundOf = (element) => {
                if (element === null) {
                  return { r: 255, g: 255, b: 255, a: 1 };
                }
                const own = parse(getComputedStyle(element).backgroundColor);
                return own.a === 1 ? own : over(own, groundOf(element.parentElement));
              };
              const part = (value) => {
                const share = value / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              };
              const luminance = ({ r, g, b }) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
              const poor = [];
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const element = texts.currentNode.parentElement;
                if (texts.currentNode.data.trim() === '' || !element.checkVisibility({ visibilityProperty: true })) {
                  continue;
                }
                const style = getComputedStyle(element);
                const ground = groundOf(element);
                const [light, dark] = [luminance(over(parse(style.color), ground)), luminance(ground)].sort((a, b) => b - a);
                const ratio = (light + 0.05) / (dark + 0.05);
                const size = parseFloat(style.fontSize);
                const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
                if (ratio < (large ? 3 : 4.5)) {
                  poor.push(`${ratio.toFixed(2)} "${texts.currentNode.data.trim().slice(0, 40)}" ${style.color}`);
                }
              }
              return poor;
            }
            """;

    private Contrast() {}
}
