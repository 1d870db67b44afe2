// What is pasted from a word processor or a web page becomes Markdown: paragraphs, headings, bold, italic, code,
// links, lists, quotations and tables. Where it has none of these, the browser pastes its plain text.

const MEANS_SOMETHING = "h1,h2,h3,h4,h5,h6,li,blockquote,table,a[href^='http'],b,strong,i,em,p+p";
const HOLDS_BLOCKS = "p,div,section,article,h1,h2,h3,h4,h5,h6,ul,ol,blockquote,table,pre,hr";
const LEFT_OUT = /^(?:SCRIPT|STYLE|TITLE|META|LINK|TEMPLATE|NOSCRIPT|BUTTON|SELECT|SVG|O:P)$/i;

const text = document.querySelector("textarea.story-text");

// Inside a line

const escaped = (words) =>
  words
    .replace(/[\\*`]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\[(?=[^\]]*\](?:\(|:))/g, "\\[");

const styleOf = (element) => element.dataset.style?.toLowerCase() ?? "";

const isBold = (element) => {
  const weight = /font-weight:\s*(\w+)/.exec(styleOf(element))?.[1];
  if (weight) return weight.startsWith("bold") || Number(weight) >= 600;
  return /^(?:B|STRONG)$/.test(element.tagName);
};

const isItalic = (element) => {
  const style = /font-style:\s*(\w+)/.exec(styleOf(element))?.[1];
  return style ? style === "italic" : /^(?:I|EM)$/.test(element.tagName);
};

// Until a line is whole, marks are signs that no text has: then what closes and opens again can be told apart.
const [BOLD, UNBOLD, ITALIC, UNITALIC] = ["\ue000", "\ue001", "\ue002", "\ue003"];

// Marks go around words, not around the spaces beside them, and not around nothing.
const around = (open, words, close) => {
  const inner = words.trim();
  return inner ? words.replace(inner, () => open + inner + close) : words;
};

const inline = (node, has = {}) => {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data.replace(/[\s\u00a0]+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.test(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "CODE") return around("`", node.textContent.replace(/[`\s]+/g, " "), "`");
  const [bold, italic] = [!has.bold && isBold(node), !has.italic && isItalic(node)];
  const href = node.tagName === "A" && !has.link ? (node.getAttribute("href") ?? "") : "";
  const inside = { bold: has.bold || bold, italic: has.italic || italic, link: has.link || Boolean(href) };
  let words = [...node.childNodes].map((child) => inline(child, inside)).join("");
  if (italic) words = around(ITALIC, words, UNITALIC);
  if (bold) words = around(BOLD, words, UNBOLD);
  if (!/^(?:https?:\/\/|mailto:)\S+$/i.test(href)) return words;
  return around("[", words, `](${href.replace(/\(/g, "%28").replace(/\)/g, "%29")})`);
};

const tidy = (words) =>
  words
    .replace(/ *\n */g, "\n")
    .replace(/ {2,}/g, " ")
    .replace(/\ue001( ?)\ue000|\ue003( ?)\ue002/g, "$1$2") // two bold stretches side by side are one
    .replace(/[\ue000\ue001]/g, "**")
    .replace(/[\ue002\ue003]/g, "*")
    .trim();

const oneLine = (element, has) => tidy(inline(element, has)).replace(/\n/g, " ");

// Blocks

const atLineStart = (words) => words.replace(/^(?:#{1,6}\s|>|[-+]\s|\d+[.)]\s)/gm, (mark) => mark.replace(/[#>+.)-]/, "\\$&"));
const indented = (block, width) => block.replace(/\n(?=.)/g, `\n${" ".repeat(width)}`);

const list = (element) => {
  let number = Number.parseInt(element.getAttribute("start") ?? "1", 10) || 1;
  const items = [...element.children].map((item) => {
    if (/^(?:UL|OL)$/.test(item.tagName)) return `  ${indented(list(item), 2)}`; // as some nest their lists
    const mark = element.tagName === "OL" ? `${number}. ` : "- ";
    const inside = blocks(item).join("\n");
    if (inside) number += 1;
    return inside && mark + indented(inside, mark.length);
  });
  return items.filter((item) => item.trim()).join("\n");
};

const table = (element) => {
  const rows = [...element.rows].map((row) => [...row.cells].map((cell) => oneLine(cell).replace(/\|/g, "\\|")));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (rows.length < 2 || width < 2) return rows.flat().filter(Boolean);
  const line = (cells) => `| ${Array.from({ length: width }, (_, index) => cells[index] ?? "").join(" | ")} |`;
  return [[line(rows[0]), line(Array(width).fill("---")), ...rows.slice(1).map(line)].join("\n")];
};

const block = (element) => {
  const { tagName } = element;
  if (tagName === "HR") return ["---"];
  if (tagName === "UL" || tagName === "OL") return [list(element)];
  if (tagName === "TABLE") return table(element);
  if (tagName === "PRE") return [`\`\`\`\n${element.textContent.replace(/\n$/, "")}\n\`\`\``];
  if (tagName === "BLOCKQUOTE") return [blocks(element).join("\n\n").replace(/^/gm, "> ").replace(/^> $/gm, ">")];
  if (!/^H[1-6]$/.test(tagName)) return blocks(element);
  const words = oneLine(element, { bold: true });
  return words ? [`${"#".repeat(Math.min(4, Math.max(2, Number(tagName[1]))))} ${words}`] : [];
};

// The Markdown of what is in an element, block by block; what stands between two blocks is a paragraph.
function blocks(element) {
  const made = [];
  let line = "";
  const flush = () => {
    const words = atLineStart(tidy(line));
    if (words) made.push(...words.split(/\n{2,}/));
    line = "";
  };
  for (const child of element.childNodes) {
    const isElement = child.nodeType === Node.ELEMENT_NODE && !LEFT_OUT.test(child.tagName);
    if (isElement && (child.matches(HOLDS_BLOCKS) || child.querySelector(HOLDS_BLOCKS))) {
      flush();
      made.push(...block(child));
    } else line += inline(child);
  }
  flush();
  return made.filter(Boolean);
}

// Reading

// Word's lists are paragraphs that begin with a sign: made into lists.
const restoreLists = (body) => {
  for (const paragraph of body.querySelectorAll('p[data-style*="mso-list:l"]')) {
    const sign = paragraph.querySelector('[data-style*="mso-list:ignore" i]');
    const name = /\d/.test(sign?.textContent ?? "") ? "OL" : "UL";
    sign?.remove();
    const before = paragraph.previousElementSibling;
    const into = before?.tagName === name ? before : document.createElement(name);
    if (into !== before) paragraph.before(into);
    const item = into.appendChild(document.createElement("li"));
    item.append(...paragraph.childNodes);
    paragraph.remove();
  }
};

// Styles and handlers are read as data, so that nothing of where it comes from takes effect.
const parse = (html) => {
  const plain = html.replace(/<style[^]*?<\/style>|<!--[^]*?-->/gi, "");
  const safe = plain.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const { body } = new DOMParser().parseFromString(safe, "text/html");
  restoreLists(body);
  return body;
};

const isInFence = () => (text.value.slice(0, text.selectionStart).match(/^\s*(?:```|~~~)/gm) ?? []).length % 2 === 1;

let isPlain = false; // Ctrl+Shift+V
text.addEventListener("keydown", (event) => {
  isPlain = event.shiftKey && event.key.toLowerCase() === "v";
});

text.addEventListener("paste", (event) => {
  const html = event.clipboardData?.getData("text/html") ?? "";
  const plain = event.clipboardData?.getData("text/plain") ?? "";
  if (event.defaultPrevented || !html || !plain.trim() || isPlain || isInFence()) return;
  const body = parse(html);
  if (!body.querySelector(MEANS_SOMETHING) && !/font-(?:weight:\s*(?:bold|[6-9]00)|style:\s*italic)/i.test(html)) return;
  const made = blocks(body);
  if (!made.length || made.join(" ") === plain.replace(/\s+/g, " ").trim()) return;
  event.preventDefault();
  const isWords = made.length === 1 && body.querySelector("h1,h2,h3,h4,h5,h6,li,blockquote,table,pre") === null;
  const detail = { from: text.selectionStart, to: text.selectionEnd, insert: made.join("\n\n"), block: !isWords };
  text.dispatchEvent(new CustomEvent("story:replace", { detail }));
});
