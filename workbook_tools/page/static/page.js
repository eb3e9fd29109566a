/* What plain HTML does not do: signs of life, keys, dropped files and folders. Everything else works without it. */
(function () {
  "use strict";
  var gone = document.getElementById("gone");
  var misses = 0;

  function speakUp() {
    fetch("/alive", { method: "POST", credentials: "same-origin" }).then(function (answer) {
      misses = 0;
      gone.hidden = answer.ok;
    }).catch(function () {
      misses += 1;
      if (misses > 1) { gone.hidden = false; }
    });
  }
  setInterval(speakUp, 15000);

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  each("[data-back]", function (button) {
    button.addEventListener("click", function () { history.back(); });
  });
  each("[data-copy]", function (button) {
    button.addEventListener("click", function () {
      var text = document.getElementById(button.getAttribute("data-copy"));
      text.focus();
      text.select();
      document.execCommand("copy");
      button.textContent = "已复制";
    });
  });
  /* A button that was pressed is not pressed twice. */
  document.addEventListener("submit", function (event) {
    setTimeout(function () {
      Array.prototype.forEach.call(event.target.querySelectorAll("button"), function (button) { button.disabled = true; });
    }, 0);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });

  /* n and p: the next and the previous one. */
  document.addEventListener("keydown", function (event) {
    var tag = event.target.tagName;
    if (event.ctrlKey || event.altKey || event.metaKey || tag === "INPUT" || tag === "TEXTAREA" || tag === "SELECT") { return; }
    var link = document.querySelector(event.key === "n" ? "a[rel=next]" : event.key === "p" ? "a[rel=prev]" : "a[rel=none]");
    if (link) { link.click(); }
  });

  /* A link to a cell opens the sheet that it is on. */
  function showTarget() {
    var cell = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var sheet = cell && cell.closest("details");
    if (sheet && !sheet.open) { sheet.open = true; cell.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", showTarget);
  showTarget();
}());
