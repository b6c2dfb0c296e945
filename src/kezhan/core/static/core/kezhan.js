/* What every page does beyond HTML: menus, sheet, toasts, keys, guards. No text of its own: words come from <body>. */
(function () {
  "use strict";

  const UNDO_MS = 10000;
  const TOAST_MS = 6000;
  const body = document.body;
  const word = (name) => body.dataset["word" + name] || "";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const isTyping = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  /* ---- menus and dialogs ---- */

  function closeMenus(except) {
    all("details.kz-menu[open]").forEach((menu) => {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  function open(id) {
    const target = document.getElementById(id);
    if (!target) return;
    if (target.showModal) target.showModal();
    else openSheet();
  }

  function close(id) {
    const target = document.getElementById(id);
    if (!target) return;
    if (target.close) target.close();
    else closeSheet();
  }

  /* ---- side sheet: filled by htmx, opened when something lands in it ---- */

  let sheetOpener = null;

  function openSheet() {
    const sheet = document.getElementById("kz-sheet");
    if (!sheet) return;
    if (sheet.hidden) sheetOpener = document.activeElement;
    sheet.hidden = false;
    body.classList.add("has-sheet");
    sheet.focus({ preventScroll: true });
  }

  function closeSheet() {
    const sheet = document.getElementById("kz-sheet");
    if (!sheet || sheet.hidden) return false;
    if (dirtyForms(sheet).length && !window.confirm(word("Unsaved"))) return true;
    sheet.hidden = true;
    body.classList.remove("has-sheet");
    document.getElementById("kz-sheet-body").replaceChildren();
    if (sheetOpener && sheetOpener.isConnected) sheetOpener.focus();
    return true;
  }

  /* ---- toasts ---- */

  function startToast(toast) {
    if (toast.dataset.kzStarted) return;
    toast.dataset.kzStarted = "1";
    const hasUndo = toast.querySelector(".kz-toast-undo");
    let timer;
    const wait = () => {
      timer = window.setTimeout(() => toast.remove(), hasUndo ? UNDO_MS : TOAST_MS);
    };
    const hold = () => window.clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("focusout", wait);
    if (!toast.classList.contains("kz-toast-error")) wait();
  }

  function say(text) {
    const place = document.getElementById("kz-refusals");
    if (!place || !text) return;
    const box = document.createElement("div");
    box.className = "kz-refusal";
    const line = document.createElement("p");
    line.className = "kz-refusal-what";
    line.textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kz-icon-button";
    button.dataset.kzDismiss = "";
    button.setAttribute("aria-label", word("Close"));
    button.textContent = "✕";
    box.append(line, button);
    place.replaceChildren(box);
  }

  /* ---- forms: unsaved changes, double submit ---- */

  function dirtyForms(root) {
    return all("form[data-kz-guard].is-dirty", root);
  }

  function markDirty(event) {
    const form = event.target.form;
    if (form && form.matches("[data-kz-guard]")) form.classList.add("is-dirty");
  }

  const isSafe = (method) => /^(get|query|dialog)$/i.test(method || "get");

  /* First of all listeners: a form whose answer is awaited is not sent again, nor put in a queue. */
  function onSecondSubmit(event) {
    if (!event.target.dataset.kzSent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /* Last of all listeners: a form that htmx or a question took over is not sent by the browser. */
  function onSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || isSafe(form.getAttribute("method")) || form.target === "_blank") return;
    hold(form);
  }

  function onHtmxRequest(event) {
    const form = event.target.closest && event.target.closest("form");
    if (!form || isSafe(event.detail.ctx.request.method)) return;
    hold(form, true);
  }

  function onHtmxAnswer(event) {
    const form = event.target.closest && event.target.closest("form");
    const ctx = event.detail && event.detail.ctx;
    if (form && ctx && ctx.response.status < 400) form.classList.remove("is-dirty");
  }

  function hold(form, keepsDirty) {
    form.dataset.kzSent = "1";
    form.setAttribute("aria-busy", "true");
    if (!keepsDirty) form.classList.remove("is-dirty");
  }

  function release(form) {
    delete form.dataset.kzSent;
    form.removeAttribute("aria-busy");
  }

  /* ---- keys ---- */

  let afterG = 0;

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return onEscape(event);
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (afterG && Date.now() - afterG < 1500) {
      afterG = 0;
      const link = document.querySelector('[data-kz-go="' + CSS.escape(event.key) + '"]');
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (event.key === "g") afterG = Date.now();
    else if (event.key === "n") press("[data-kz-new]", event);
    else if (event.key === "/") focus("[data-kz-search]", event);
    else if (event.key === "?") {
      event.preventDefault();
      open("kz-keys");
    }
  }

  function onEscape(event) {
    const menu = document.querySelector("details.kz-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (closeSheet()) event.preventDefault();
  }

  function press(selector, event) {
    const target = document.querySelector(selector);
    if (!target) return;
    event.preventDefault();
    target.click();
  }

  function focus(selector, event) {
    const target = document.querySelector(selector);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.select();
  }

  /* ---- what is written with numbers ---- */

  function groupPhone(input) {
    if (input.selectionStart !== input.value.length) return;
    const digits = input.value.replace(/\D/g, "");
    if (/^1\d{0,10}$/.test(digits) && !input.value.startsWith("+")) {
      input.value = [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].filter(Boolean).join(" ");
    }
  }

  /* ---- clock and connection ---- */

  function tick() {
    all("[data-kz-clock]").forEach((clock) => {
      const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.kzClock };
      clock.textContent = new Intl.DateTimeFormat("en-GB", options).format(new Date());
    });
  }

  function showConnection() {
    all("[data-kz-offline]").forEach((mark) => {
      mark.hidden = navigator.onLine;
    });
  }

  /* ---- wiring ---- */

  function onClick(event) {
    closeMenus(event.target);
    const target = event.target.closest(
      "[data-kz-open],[data-kz-close],[data-kz-dismiss],[data-kz-theme],[data-kz-back],[data-kz-print]"
    );
    if (!target) return;
    const data = target.dataset;
    if ("kzOpen" in data) open(data.kzOpen);
    if ("kzClose" in data) close(data.kzClose);
    if ("kzDismiss" in data) target.closest(".kz-toast,.kz-refusal").remove();
    if ("kzBack" in data) history.back();
    if ("kzPrint" in data) window.print();
    if ("kzTheme" in data) {
      window.kezhanTheme.choose(data.kzTheme);
      showTheme();
    }
  }

  function showTheme() {
    all("[data-kz-themes]").forEach((part) => {
      part.hidden = false;
    });
    all("[data-kz-theme]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.kzTheme === window.kezhanTheme.chosen()));
    });
  }

  function onSwap() {
    all("[data-kz-toast]").forEach(startToast);
    const sheetBody = document.getElementById("kz-sheet-body");
    const sheet = document.getElementById("kz-sheet");
    if (sheetBody && sheet && sheet.hidden && sheetBody.childElementCount) openSheet();
    const trouble = document.querySelector("[data-kz-errors],[data-kz-refusal]:not([data-kz-seen])");
    if (trouble) {
      trouble.dataset.kzSeen = "1";
      trouble.focus({ preventScroll: false });
    }
  }

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  window.addEventListener("submit", onSecondSubmit, true);
  window.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:before:request", onHtmxRequest);
  document.addEventListener("htmx:after:request", onHtmxAnswer);
  document.addEventListener("input", (event) => {
    markDirty(event);
    if (event.target.matches("[data-kz-phone]")) groupPhone(event.target);
  });
  document.addEventListener("change", markDirty);
  document.addEventListener("htmx:after:swap", onSwap);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:error", () => say(word("Offline")));
  document.addEventListener("htmx:response:error", (event) => {
    const ctx = event.detail && event.detail.ctx;
    if (ctx && ctx.response.status >= 500 && !ctx.response.headers.get("HX-Retarget")) {
      event.preventDefault();
      say(word("Failed"));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirtyForms().length) event.preventDefault();
  });
  window.addEventListener("pageshow", () => all("form[data-kz-sent]").forEach(release));
  window.addEventListener("online", showConnection);
  window.addEventListener("offline", showConnection);
  window.setInterval(tick, 15000);
  tick();
  showConnection();
  showTheme();
  onSwap();
})();
