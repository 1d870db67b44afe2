// Lets somebody whose session ended sign in without leaving the form they are writing in.

const desk = document.getElementById("desk");
const dialog = document.querySelector("dialog.sign-in-again");

if (desk && dialog) {
  const error = dialog.querySelector(".sign-in-error");
  const email = dialog.querySelector("#again-email");
  const password = dialog.querySelector("#again-password");

  const open = () => {
    if (!dialog.open) dialog.showModal();
  };

  // The sign-in page's own form, with its own token: the one in this page may be as old as the session.
  const signIn = async () => {
    const page = await (await fetch(desk.dataset.signIn)).text();
    const login = new DOMParser().parseFromString(page, "text/html");
    const body = new FormData();
    body.append("csrfmiddlewaretoken", login.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    body.append("login", email.value);
    body.append("password", password.value);
    body.append("remember", "on");
    return fetch(desk.dataset.signIn, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
  };

  const goOn = async () => {
    const response = await fetch(desk.dataset.token);
    if (!response.ok) return false;
    dialog.close();
    password.value = "";
    document.dispatchEvent(new CustomEvent("pulse:signed-in", { detail: await response.json() }));
    return true;
  };

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      const response = await signIn();
      if (response.status === 429) {
        error.textContent = "Too many tries. Wait a minute, then try again.";
      } else if (!(await goOn())) {
        error.textContent = "E-mail or password is not right, or this account needs another step. Try again, or sign in in a new window.";
        password.focus();
      }
    } catch {
      error.textContent = "The connection failed. Try again.";
    }
  });

  // Signed in in another window meanwhile: this one goes on by itself.
  window.addEventListener("focus", () => dialog.open && goOn().catch(() => {}));
  document.addEventListener("pulse:signed-out", open);
}
