"""What cannot be read on a page as it is drawn: text a letter wide, text over text, cut words on buttons, sideways scroll."""

UNREADABLE = """
() => {
  const found = [];
  for (const folded of document.querySelectorAll("main details")) folded.open = true;
  const skipped = "script, style, template, noscript, svg, select, option, .sr, .skip, .head, .bar, [aria-hidden=true] *";
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  // For screen readers alone: one pixel wide.
  const hidden = (element) => element.getBoundingClientRect().width <= 1 || (element.parentElement && hidden(element.parentElement));
  const floats = (element) => {
    for (let at = element; at; at = at.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  // What a scrolling or clipping ancestor hides is not drawn over anything.
  const clipped = (rect, element) => {
    let { left, right, top, bottom } = rect;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (overflowX !== "visible") [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      if (overflowY !== "visible") [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return { left, right, top, bottom };
  };
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (!text || (element.closest(skipped) && !element.closest(".months")) || !shown(element) || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5 && rect.height > 0.5);
    const tops = new Set(rects.map((rect) => Math.round(rect.top)));
    if (text.length >= 6 && tops.size > 2 && text.length / tops.size < 4) found.push(`a letter wide: ${text.slice(0, 60)}`);
    // Labels and headings never cut a word; elsewhere a long one may be cut once.
    const whole = element.closest("button, .button, .tabs a, .chip, .badge, th, dt, h1, h2, h3, .h3, legend, label, .meter > :first-child");
    for (const word of tops.size > 1 ? node.textContent.matchAll(/[\\p{L}\\p{M}'’ʻ]{4,40}/gu) : []) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const rows = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      if (rows.size > (whole ? 1 : 2)) found.push(`a cut word: ${word[0]} in ${text.slice(0, 60)}`);
    }
    if (!floats(element)) for (const rect of rects) lines.push({ element, text, ...clipped(rect, element) });
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((one, i) => {
    for (const other of lines.slice(i + 1)) {
      if (other.top >= one.bottom - 1) break;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (one.element !== other.element && across > 2 && down > 0.4 * Math.min(one.bottom - one.top, other.bottom - other.top)) {
        found.push(`text over text: ${one.text.slice(0, 40)} / ${other.text.slice(0, 40)}`);
      }
    }
  });
  for (const part of document.querySelectorAll(".months [aria-hidden] span, .meter > *, .facts > *, .steps li > *")) {
    if (shown(part) && !hidden(part) && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline") {
      found.push(`cut off: ${part.textContent.trim().slice(0, 60)}`);
    }
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} of ${root.clientWidth}`);
  return [...new Set(found)];
}
"""


def unreadable(page):
    """Each fault of the page at its present width, in words, with everything unfolded; an empty list when all of it can be read."""
    return page.evaluate(UNREADABLE)
