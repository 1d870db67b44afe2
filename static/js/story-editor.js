// The story's text box: a preview beside it while typing, and pictures by paste or drop.
// Tab keeps its meaning: it leaves the box. Typing goes through insertText, so undo works.

const PREVIEW_DELAY = 500; // milliseconds after the last key

const cookieToken = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

const equip = (editor) => {
  const text = editor.querySelector("textarea.story-text");
  const frame = editor.querySelector("iframe");
  const status = editor.querySelector(".story-status");
  const problem = editor.querySelector(".story-error");
  const dialog = editor.querySelector("dialog");
  const form = text.form;

  const say = (sentence) => {
    status.textContent = sentence;
  };
  const complain = (sentence) => {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  };

  // Preview

  const fields = () => {
    const data = new FormData();
    for (const name of ["headline", "dek", "tldr", "body"]) {
      data.append(name, form.elements.namedItem(name)?.value ?? "");
    }
    for (const select of form.querySelectorAll('select[name^="briefing-"][name$="-term"]')) {
      if (select.value) data.append("terms", select.value);
    }
    data.append("csrfmiddlewaretoken", cookieToken());
    return data;
  };

  let latest = 0;
  const preview = async () => {
    const mine = ++latest;
    try {
      const response = await fetch(text.dataset.previewUrl, { method: "POST", body: fields() });
      if (mine !== latest) return;
      if (response.ok) {
        complain("");
        show(await response.text());
      } else {
        const isJson = response.headers.get("Content-Type")?.includes("json");
        complain(isJson ? (await response.json()).error : "The preview cannot be drawn. Your text is safe here; save the draft.");
      }
    } catch {
      if (mine === latest) say("No connection: the preview waits. Your text is safe here.");
    }
  };

  const show = (html) => {
    const story = frame.contentDocument?.getElementById("story");
    if (!story) return;
    story.innerHTML = html;
    const words = story.querySelector(".meta")?.innerText.replace(/\s+/g, " ") ?? "";
    say(words.trim());
  };

  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(preview, PREVIEW_DELAY);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  frame.addEventListener("load", preview);
  if (frame.contentDocument?.getElementById("story")) preview();

  // Pictures

  const insert = (markdown) => {
    text.focus();
    if (!document.execCommand("insertText", false, markdown)) {
      text.setRangeText(markdown, text.selectionStart, text.selectionEnd, "end");
    }
    soon();
  };

  const describe = () =>
    new Promise((resolve) => {
      const alt = dialog.querySelector("#story-picture-alt");
      const caption = dialog.querySelector("#story-picture-caption");
      const decoration = dialog.querySelector("#story-picture-decoration");
      const error = dialog.querySelector(".story-picture-error");
      alt.value = caption.value = error.textContent = "";
      decoration.checked = false;
      const finish = (answer) => {
        dialog.onclose = null;
        dialog.close();
        resolve(answer);
      };
      dialog.querySelector("[data-insert]").onclick = () => {
        if (!alt.value.trim() && !decoration.checked) {
          error.textContent = "Describe the picture, or say that it is decoration.";
          alt.focus();
          return;
        }
        finish({ alt: decoration.checked ? "" : alt.value.trim(), caption: caption.value.trim() });
      };
      dialog.querySelector("[data-cancel]").onclick = () => finish(null);
      dialog.onclose = () => resolve(null);
      dialog.showModal();
    });

  const plain = (words) => words.replace(/\s+/g, " ").replace(/[\\[\]"]/g, "\\$&");

  const upload = async (file) => {
    const words = await describe();
    if (!words) return;
    say(`Uploading ${file.name}`);
    complain("");
    const data = new FormData();
    data.append("image", file);
    data.append("alt", words.alt);
    data.append("csrfmiddlewaretoken", cookieToken());
    try {
      const response = await fetch(text.dataset.uploadUrl, { method: "POST", body: data });
      const answer = await response.json();
      if (!response.ok) {
        complain(answer.error);
        say("");
        return;
      }
      const title = words.caption ? ` "${plain(words.caption)}"` : "";
      insert(`\n\n![${plain(words.alt)}](${answer.address}${title})\n\n`);
      say("Picture inserted");
    } catch {
      complain("The picture did not reach the server. Try again.");
      say("");
    }
  };

  const pictures = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

  const take = async (event, transfer) => {
    const files = pictures(transfer);
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) await upload(file);
  };
  text.addEventListener("paste", (event) => take(event, event.clipboardData));
  text.addEventListener("drop", (event) => take(event, event.dataTransfer));
};

document.querySelectorAll(".story-editor").forEach(equip);
