(() => {
  if (window.vigistockLeaving) return;
  window.vigistockLeaving = true;
  const NS = "http://www.w3.org/2000/svg";
  const FAMILY = "Source Sans", INK = "#1E2024", QUIET = "#5B616B", GRAVE = "#B2182B";
  const SIZE = 12, LEADING = 17, EDGE = 16;

  // The address, copied: the way of old browsers where the page is not served over HTTPS.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.body.appendChild(document.createElement("textarea"));
      box.value = text;
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      return done;
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-leave]");
    if (!button) return;
    if (button.dataset.leave === "print") return window.print();
    const done = await copy(location.href), status = button.parentElement.querySelector("[role=status]");
    status.textContent = done ? "Lien copié" : "Copie refusée : copier l'adresse du navigateur";
    setTimeout(() => { status.textContent = ""; }, 4000);
  });
  window.addEventListener("beforeprint", () => {
    for (const place of document.querySelectorAll("[data-address]")) place.textContent = location.href;
  });

  // A chart or a map as an image: what is drawn on screen, its day, sources and mark around it, in the font of the screen.
  const encoded = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const faces = () => [...document.styleSheets].flatMap((sheet) => {
    try { return [...sheet.cssRules]; } catch { return []; }
  }).filter((rule) => rule instanceof CSSFontFaceRule && rule.style.getPropertyValue("font-family").includes(FAMILY)
    && !/italic/.test(rule.style.getPropertyValue("font-style")));
  const font = async () => {
    const rule = faces()[0], address = rule?.style.getPropertyValue("src").match(/url\(["']?([^"')]+)/)?.[1];
    if (!address) return "";
    const answer = await fetch(new URL(address, rule.parentStyleSheet?.href || location.href));
    const file = encoded(new Uint8Array(await answer.arrayBuffer()));
    return `@font-face{font-family:"${FAMILY}";font-weight:200 900;src:url(data:font/woff2;base64,${file}) format("woff2")}`;
  };
  const made = (name, attributes, text) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const wrapped = (text, width) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${SIZE}px "${FAMILY}"`;
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };
  const sources = () => {
    const footer = document.querySelector(".vs-footer")?.innerText.split("Méthode")[0].replace(/\s+/g, " ").trim() || "";
    return footer.replace(/^Sources\s*/, "Sources : ").replace(/\s*·\s*/g, " · ");
  };
  // Texts may stand outside the frame of the figure: the image is as large as they ask.
  const extent = (plot) => {
    const frame = plot.querySelector(".svg-container").getBoundingClientRect();
    const edge = { left: 0, top: 0, right: frame.width, bottom: frame.height };
    for (const text of plot.querySelectorAll(".main-svg text")) {
      const box = text.getBoundingClientRect();
      if (!box.width || text.closest(".hoverlayer")) continue;
      edge.left = Math.min(edge.left, box.left - frame.left);
      edge.top = Math.min(edge.top, box.top - frame.top);
      edge.right = Math.max(edge.right, box.right - frame.left);
      edge.bottom = Math.max(edge.bottom, box.bottom - frame.top);
    }
    return { ...edge, width: frame.width, height: frame.height };
  };
  // The legend of a drawing: the last one that stands before it.
  const legendOf = (drawn) => [...document.querySelectorAll(".vs-legend")]
    .filter((legend) => legend.compareDocumentPosition(drawn) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  // What an image is made of: where it ends, its layers, whether it says its own title, the key of its colours.
  const chart = (plot) => ({
    edge: extent(plot),
    layers: [...plot.querySelectorAll(".main-svg")].map((layer) => {
      const copy = layer.cloneNode(true);
      copy.querySelectorAll(".hoverlayer").forEach((element) => element.remove());
      copy.removeAttribute("style");
      return copy;
    }),
    titled: Boolean(plot.layout.title?.text?.replace(/<[^>]*>/g, "").trim()),
    key: legendOf(plot),
  });
  const INLINED = ["stroke", "stroke-width", "stroke-linejoin", "vector-effect", "font-family", "font-size", "text-anchor"];
  const map = (box) => {
    const svg = box.querySelector("svg"), { width, height } = svg.getBoundingClientRect(), copy = svg.cloneNode(true);
    const drawn = [...svg.querySelectorAll("path, text")];
    [...copy.querySelectorAll("path, text")].forEach((element, at) => {
      const style = getComputedStyle(drawn[at]);
      for (const name of INLINED) element.style.setProperty(name, style.getPropertyValue(name));
      if (!style.fill.startsWith("url")) element.style.fill = style.fill;
    });
    copy.querySelectorAll("a").forEach((link) => link.removeAttribute("href"));
    copy.removeAttribute("aria-hidden");
    return { edge: { left: 0, top: 0, right: width, bottom: height, width, height }, layers: [copy],
             key: legendOf(box) };
  };
  // Swatches and words of a legend, line after line.
  const SIGNS = { "vs-mark-unknown": ["#fff", "#8A8F98"], "vs-mark-striped": [GRAVE, "#E9A9B0"], "vs-mark-reserved": ["#fff", INK],
                  "vs-mark-reserved-point": ["#fff", INK], "vs-mark-gap": [] };
  const LINES = ["measured", "legal", "sold", "season", "country", "unseen"].map((kind) => `vs-mark-${kind}`);
  const DASHES = { dashed: "5 3", dotted: "1.5 2.5" };
  const keyed = (legend, width) => {
    const pieces = [], pen = document.createElement("canvas").getContext("2d");
    pen.font = `${SIZE}px "${FAMILY}"`;
    const walk = document.createTreeWalker(legend, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let x = 0, line = 0;
    while (walk.nextNode()) {
      const node = walk.currentNode, words = node.nodeType === Node.TEXT_NODE ? node.textContent.trim() : "";
      if (!words && node.nodeName !== "I") continue;
      const wide = words ? pen.measureText(words).width + SIZE : SIZE + 4;
      // A swatch goes with its words to the next line.
      const after = words ? 0 : pen.measureText(node.nextSibling?.textContent || "").width + SIZE;
      if (x && x + wide + after > width && !(words && node.previousSibling)) { x = 0; line += 1; }
      const kind = Object.keys(SIGNS).find((name) => !words && node.classList.contains(name));
      const style = getComputedStyle(words ? node.parentElement : node);
      const isLine = !words && LINES.some((name) => node.classList.contains(name));
      pieces.push({ x, line, words, ink: words && node.parentElement.nodeName === "B" ? style.color : INK,
                    stroke: isLine ? [style.borderTopColor, style.borderTopWidth, DASHES[style.borderTopStyle] || "none"] : null,
                    colours: words ? [] : SIGNS[kind] || [style.backgroundColor] });
      x += wide;
    }
    return { pieces, lines: pieces.length ? line + 1 : 0 };
  };
  const drawing = async ({ edge, layers, titled, key }, stamp) => {
    const width = Math.ceil(edge.right - edge.left) + 2 * EDGE;
    const above = [...(stamp.mark ? [[stamp.mark, GRAVE, 700]] : []), ...(titled ? [] : [[stamp.title, INK, 700]])]
      .filter(([text]) => text);
    const legend = key ? keyed(key, width - 2 * EDGE) : { pieces: [], lines: 0 };
    const below = [stamp.date, sources()].filter(Boolean).flatMap((text) => wrapped(text, width - 2 * EDGE));
    const top = EDGE + above.length * LEADING, inside = Math.ceil(edge.bottom - edge.top) + legend.lines * LEADING;
    const height = top + inside + EDGE / 2 + below.length * LEADING + EDGE;
    const whole = made("svg", { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}` });
    whole.append(made("style", {}, await font()), made("rect", { width, height, fill: "#fff" }));
    const write = (text, y, fill, weight) => whole.append(
      made("text", { x: EDGE, y, fill, "font-family": `"${FAMILY}", sans-serif`, "font-size": SIZE, "font-weight": weight }, text));
    above.forEach(([text, fill, weight], line) => write(text, EDGE + SIZE + line * LEADING, fill, weight));
    for (const copy of layers) {
      for (const [key, value] of Object.entries({ x: EDGE - edge.left, y: top - edge.top, width: edge.width, height: edge.height, overflow: "visible" }))
        copy.setAttribute(key, value);
      whole.append(copy);
    }
    for (const { x, line, words, ink, stroke, colours: [fill, over] } of legend.pieces) {
      const left = EDGE + x, foot = top + inside - (legend.lines - line - 1) * LEADING;
      if (words) {
        whole.append(made("text", { x: left, y: foot - 2, fill: ink, "font-family": `"${FAMILY}", sans-serif`, "font-size": SIZE }, words));
        continue;
      }
      if (stroke) {
        whole.append(made("path", { d: `M${left} ${foot - SIZE / 2}h${SIZE}`, stroke: stroke[0], "stroke-width": stroke[1], "stroke-dasharray": stroke[2] }));
        continue;
      }
      if (!fill) continue;
      whole.append(made("rect", { x: left + 0.5, y: foot - SIZE + 0.5, width: SIZE - 1, height: SIZE - 1, fill, stroke: over || fill }));
      if (over && over !== INK) whole.append(made("path", { d: `M${left} ${foot}l${SIZE} ${-SIZE}`, stroke: over, "stroke-width": 2 }));
    }
    below.forEach((text, line) => write(text, top + inside + EDGE / 2 + SIZE + line * LEADING, QUIET, 400));
    return { text: new XMLSerializer().serializeToString(whole), width, height };
  };
  const painted = ({ text, width, height }, scale) => new Promise((done, failed) => {
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const image = new Image();
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob(done, "image/png");
    };
    image.onerror = failed;
    image.src = address;
  });
  const save = async (shown, stamp, kind) => {
    const drawn = await drawing(shown, stamp);
    const blob = kind === "svg" ? new Blob([drawn.text], { type: "image/svg+xml" }) : await painted(drawn, 2);
    const file = stamp.file.replace(/png$/, kind);
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  // Beside the library's own button, one for a drawing that enlarges without blur.
  const offer = (event) => {
    const button = event.target.closest?.(".js-plotly-plot")?.querySelector(".modebar-btn:not([data-image])");
    if (!button) return;
    button.dataset.image = "png";
    const other = button.cloneNode(false);
    Object.assign(other.dataset, { image: "svg", title: "Télécharger l'image (SVG)" });
    other.setAttribute("aria-label", other.dataset.title);
    other.textContent = "SVG";
    button.after(other);
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, offer);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".modebar-btn, button[data-image]"), plot = button?.closest(".js-plotly-plot");
    const box = button && !plot && document.querySelector(".vs-map");
    const stamp = plot ? plot._context?.toImageButtonOptions?.stamp : box && JSON.parse(button.dataset.words);
    if (!stamp) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    save(plot ? chart(plot) : map(box), stamp, button.dataset.image || "png");
  }, true);
})();
