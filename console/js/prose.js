import { el } from "./dom.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
/** What may still become a fence must not be shown as text first. */
const MAYBE_FENCE = /^ {0,3}([`~]{0,2}$|[`~]{3})/;

/**
 * Shows streamed text as it is, with fenced code set apart. Each piece is handled once, so long answers stay cheap.
 * New lines are held back until text follows: blocks then have no empty edge.
 */
export class Prose {
  #node;
  #block = null;
  #fence = null;
  #line = "";
  #shown = 0;
  #newLines = 0;

  constructor(node) {
    this.#node = node;
  }

  append(text) {
    const lines = text.split("\n");
    lines.forEach((piece, index) => {
      this.#line += piece;
      if (index < lines.length - 1) this.#endLine();
    });
    if (!MAYBE_FENCE.test(this.#line)) this.#showLine();
  }

  /** Shows what was held back. */
  end() {
    if (this.#line !== "") this.#endLine();
  }

  #endLine() {
    const match = FENCE.exec(this.#line);
    if (this.#shown === 0 && match && !this.#fence) {
      this.#openCode(match[1], match[2]);
    } else if (this.#shown === 0 && match && closes(this.#line, this.#fence)) {
      this.#fence = null;
      this.#block = null;
    } else {
      this.#showLine();
      if (this.#block) this.#newLines++;
    }
    this.#line = "";
    this.#shown = 0;
  }

  #showLine() {
    const fresh = this.#line.slice(this.#shown);
    this.#shown = this.#line.length;
    if (fresh === "") return;
    this.#block ??= this.#openText();
    this.#block.appendData("\n".repeat(this.#newLines) + fresh);
    this.#newLines = 0;
  }

  #openText() {
    const text = document.createTextNode("");
    this.#node.append(el("p", { class: "prose" }, text));
    this.#newLines = 0;
    return text;
  }

  #openCode(fence, language) {
    const text = document.createTextNode("");
    const code = el("pre", { tabindex: 0, "aria-label": language ? `Code, ${language}` : "Code" }, el("code", {}, text));
    const caption = el("figcaption", {}, el("span", {}, language || "code"));
    if (navigator.clipboard) caption.append(copyButton(text));
    this.#node.append(el("figure", { class: "code" }, caption, code));
    this.#fence = fence;
    this.#block = text;
    this.#newLines = 0;
  }
}

function closes(line, fence) {
  const bare = line.trim();
  return bare.length >= fence.length && bare === fence[0].repeat(bare.length);
}

function copyButton(text) {
  const button = el("button", { type: "button", class: "small" }, "Copy");
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(text.data).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}
