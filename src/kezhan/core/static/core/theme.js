/* Light or dark, decided before the first paint. The choice is kept in a cookie so that the server can draw it too. */
(function () {
  "use strict";
  const COOKIE = "kezhan_theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    const found = document.cookie.match(new RegExp("(?:^|; )" + COOKIE + "=(light|dark)"));
    return found ? found[1] : "auto";
  }

  function show() {
    const theme = chosen();
    document.documentElement.dataset.bsTheme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
  }

  window.kezhanTheme = {
    chosen: chosen,
    choose: function (theme) {
      const secure = location.protocol === "https:" ? "; Secure" : "";
      const age = theme === "auto" ? 0 : 31536000;
      document.cookie = COOKIE + "=" + theme + "; path=/; SameSite=Lax; max-age=" + age + secure;
      show();
    },
  };
  system.addEventListener("change", show);
  show();
})();
