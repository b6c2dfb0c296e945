/* Date fields by keyboard: +1, -2, 1122, 11-22, 2026-11-22, a weekday. The field sends ISO; the server reads all forms too. */
(function () {
  "use strict";

  const words = (document.body.dataset.wordWeekdays || "").split(" ");
  const ENGLISH = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  // Sunday first: the last character of the names of the week, as typed.
  const CHINESE = "\u65e5\u4e00\u4e8c\u4e09\u56db\u4e94\u516d";

  const iso = (day) => day.toISOString().slice(0, 10);
  const from = (text) => {
    const day = new Date(text + "T00:00:00Z");
    return isNaN(day) || iso(day) !== text ? null : day;
  };
  const plus = (day, count) => new Date(day.getTime() + count * 86400000);
  const pad = (number) => String(number).padStart(2, "0");

  /** The date that `text` means, counted from `base` (ISO). Without a year: the next such day, not a past one. */
  function parse(text, base) {
    const typed = text.trim().toLowerCase().replace(/[/.\u5e74\u6708]/g, "-").replace(/\u65e5$/, "");
    const start = from(base);
    if (!start) return null;
    let found = typed.match(/^([+-]\d{1,3})$/);
    if (found) return plus(start, Number(found[1]));
    const named = weekday(text.trim().toLowerCase());
    if (named >= 0) return plus(start, (named - start.getUTCDay() + 7) % 7);
    found = typed.match(/^(\d{4})-?(\d{1,2})-?(\d{1,2})$/);
    if (found) return from(found[1] + "-" + pad(found[2]) + "-" + pad(found[3]));
    found = typed.match(/^(\d{1,2})-(\d{1,2})$/) || typed.match(/^(\d{2})(\d{2})$/);
    if (!found) return null;
    const tail = "-" + pad(found[1]) + "-" + pad(found[2]);
    const thisYear = from(start.getUTCFullYear() + tail);
    return thisYear && thisYear < start ? from(start.getUTCFullYear() + 1 + tail) : thisYear;
  }

  function weekday(text) {
    const english = ENGLISH.indexOf(text.slice(0, 3));
    if (english >= 0 && text.length >= 3) return english;
    const found = text.match(/^(?:\u5468|\u661f\u671f|\u793c\u62dc)(.)$/);
    if (!found) return -1;
    return found[1] === "\u5929" ? 0 : CHINESE.indexOf(found[1]);
  }

  function settle(input) {
    const hint = input.parentElement.querySelector("[data-kz-weekday]");
    const text = input.value.trim();
    const day = text ? parse(text, input.dataset.kzDate) : null;
    input.setCustomValidity(text && !day ? document.body.dataset.wordBadDate : "");
    if (day && input.value !== iso(day)) {
      input.value = iso(day);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (hint) hint.textContent = day ? words[day.getUTCDay()] || "" : "";
  }

  function calendar(button) {
    const box = button.closest(".kz-date");
    const input = box.querySelector("[data-kz-date]");
    const native = box.querySelector("input[type=date]");
    native.value = from(input.value) ? input.value : input.dataset.kzDate;
    if (native.showPicker) native.showPicker();
    else native.focus();
  }

  function showHints(root) {
    root.querySelectorAll("[data-kz-date]").forEach(settle);
  }

  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-kz-date]")) settle(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-kz-date]")) settle(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kz-calendar]");
    if (button) calendar(button);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".kz-date input[type=date]")) return;
    const input = event.target.closest(".kz-date").querySelector("[data-kz-date]");
    input.value = event.target.value;
    settle(input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("htmx:after:swap", () => showHints(document));
  showHints(document);
  window.kezhanDates = { parse: (text, base) => { const day = parse(text, base); return day && iso(day); } };
})();
