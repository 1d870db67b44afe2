// Forms that ask the browser for a passkey before they are sent: data-passkey says whether one is made ("create")
// or shown ("get"), data-options names the element with what the server wants to know. Without data-options it
// is asked for at the form's own address. Without script these forms are not shown: a passkey needs it.

const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.prototype.toJSON;

const SENTENCES = {
  InvalidStateError: "This device holds a passkey for your account already.",
  NotAllowedError: "Nothing was confirmed. Try again, or sign in another way.",
  SecurityError: "Passkeys work at the site’s own https address only.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

async function send(form) {
  const button = form.querySelector("button[type=submit]");
  say(form, "");
  if (!able) return say(form, "This browser is too old for passkeys. Use another one, or another way.");
  button.disabled = true;
  try {
    const credential = await (form.dataset.passkey === "create" ? made(form) : shown(form));
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    say(form, SENTENCES[error.name] || "That did not work. Try again, or sign in another way.");
  } finally {
    button.disabled = false;
  }
}

async function made(form) {
  const { publicKey } = (await asked(form)).creation_options;
  const opensAlone = form.elements.passwordless?.checked ?? true;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: opensAlone ? "required" : "discouraged",
    requireResidentKey: opensAlone,
    userVerification: opensAlone ? "required" : "preferred",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function shown(form) {
  const { publicKey } = (await asked(form)).request_options;
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

async function asked(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  return answer.json();
}

function say(form, sentence) {
  const place = form.querySelector("[role=alert]");
  place.textContent = sentence;
  place.hidden = !sentence;
}
