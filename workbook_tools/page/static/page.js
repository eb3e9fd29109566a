/* What plain HTML does not do: signs of life, keys, dropped files and folders. Everything else works without it. */
(function () {
  "use strict";
  var gone = document.getElementById("gone");
  var misses = 0;

  function speakUp() {
    var body = document.body;
    fetch("/alive", { method: "POST", credentials: "same-origin", body: body.getAttribute("data-folder") || "" }).then(function (answer) {
      misses = 0;
      gone.hidden = answer.ok;
      return answer.ok ? answer.text() : "";
    }).then(function (sign) {
      if (sign && body.hasAttribute("data-sign")) { document.getElementById("changed").hidden = sign === body.getAttribute("data-sign"); }
    }).catch(function () {
      misses += 1;
      if (misses > 1) { gone.hidden = false; }
    });
  }
  setInterval(speakUp, 15000);
  /* A page that is being read is asked for again; a <meta> of the address that leads to a place in it (#make) would only go to that place. */
  if (document.getElementById("waiting")) {
    history.scrollRestoration = "manual"; // else the page that comes stands where this one stood: at its top
    setTimeout(function () { location.reload(); }, 1000);
  } else if (location.hash && history.scrollRestoration === "manual") {
    window.addEventListener("load", function () {
      var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (place) { place.scrollIntoView(); }
    });
  }
  /* htmx is not understood by Chromium before 80: there the page of a step is loaded anew. */
  if (!window.htmx && document.getElementById("job")) { setTimeout(function () { location.reload(); }, 1500); }

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  /* Where a form was sent from, and what is typed there: after a refusal it stands there again, and after a success one is where one was. */
  var KEPT = "typed";
  var sent = false; // files were sent without leaving the page
  /* Not the ledger's address, which may hold a password. */
  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, function (one) { return one.name && one.name !== "ledger" && !/^(hidden|file|submit)$/.test(one.type); });
  }
  function isChanged(one) {
    if (/^(checkbox|radio)$/.test(one.type)) { return one.checked !== one.defaultChecked; }
    if (one.tagName === "SELECT") { return Array.prototype.some.call(one.options, function (option) { return option.selected !== option.defaultSelected; }); }
    return one.value !== one.defaultValue;
  }
  function nameForm(form) {
    var hidden = form.querySelector("input[type=hidden]");
    return form.getAttribute("action") + " " + (hidden ? hidden.value : "");
  }
  function keepTyped(form) {
    var typed = { path: location.pathname, top: window.scrollY, form: form ? nameForm(form) : "", refused: !form, fields: [] };
    each("main form[method=post]", function (one) {
      fieldsOf(one).forEach(function (field, at) {
        if (isChanged(field)) { typed.fields.push([nameForm(one), at, /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value]); }
      });
    });
    try { sessionStorage.setItem(KEPT, JSON.stringify(typed)); } catch (full) { /* then it is typed again */ }
  }
  function readTyped() {
    try { return JSON.parse(sessionStorage.getItem(KEPT) || "null"); } catch (broken) { return null; }
  }
  function putBack(typed) {
    var forms = {};
    each("main form[method=post]", function (one) { forms[nameForm(one)] = one; });
    typed.fields.forEach(function (kept) {
      var form = forms[kept[0]], field = form && fieldsOf(form)[kept[1]];
      if (!field || (kept[0] === typed.form && !typed.refused) || (field.name === "scheme" && /[?&]scheme=/.test(location.search))) { return; }
      if (typeof kept[2] === "boolean") { field.checked = kept[2]; } else { field.value = kept[2]; }
      if (typed.refused) { for (var fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; } }
    });
    if (location.hash || (!typed.refused && document.querySelector("main [autofocus]"))) { return; }
    history.scrollRestoration = "manual"; // else a page that came after one that said it is being read goes back to that one's top
    window.scrollTo(0, typed.top);
  }
  (function () {
    var typed = readTyped();
    if (!typed) { return; }
    if (document.querySelector("[data-keeps]")) {
      if (document.querySelector("[data-back]")) { typed.refused = true; sessionStorage.setItem(KEPT, JSON.stringify(typed)); }
      return;
    }
    sessionStorage.removeItem(KEPT);
    if (typed.path === location.pathname) { putBack(typed); }
  }());
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-back]")) { if (sent) { location.reload(); } else { history.back(); } }
    if (event.target.closest("a[data-keep]")) { keepTyped(null); }
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
  /* One tick at the head of a column for all of it. */
  each("[data-tick-all]", function (head) {
    var all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", "全部勾选");
    head.insertBefore(all, head.firstChild);
    all.addEventListener("change", function () {
      each('input[type=checkbox][form="' + head.getAttribute("data-tick-all") + '"]', function (one) { one.checked = all.checked && !one.disabled; });
    });
  });
  /* From a project one goes back to the list as it was chosen there: of a department, a state, its second page. */
  if (/\/review$/.test(location.pathname)) {
    try { sessionStorage.setItem("list", location.pathname + location.search.replace(/([?&])said=[^&]*/, "$1")); } catch (full) { /* then to all */ }
  }
  each("a[data-list]", function (link) {
    var list = sessionStorage.getItem("list") || "";
    if (list.split("?")[0] === link.pathname) { link.href = list; link.textContent = /[?&](state|trust|department|word)=[^&]|[?&]page=(?!1(&|$))/.test(list) ? "‹ 回到选出的项目" : link.textContent; }
  });
  /* What was put into other words here is accepted by its own button: a tick would accept what it said before. */
  function guardTicks() {
    each("form h3 input[type=checkbox][form]", function (tick) {
      tick.disabled = isChanged(tick.parentNode.parentNode.querySelector("textarea"));
      tick.checked = tick.checked && !tick.disabled;
    });
  }
  document.addEventListener("input", guardTicks);
  guardTicks();
  /* A button that was pressed is not pressed twice. */
  document.addEventListener("submit", function (event) {
    if (event.target.method === "post") {
      keepTyped(event.target);
      var pressed = document.activeElement;
      setTimeout(function () { if (pressed.tagName === "BUTTON") { pressed.textContent = "正在办……"; } }, 700);
    }
    setTimeout(function () {
      Array.prototype.forEach.call(event.target.querySelectorAll("button"), function (button) { button.disabled = true; });
    }, 0);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });

  /* Tables that can be sorted by any column. */
  each("table[data-sort] thead th", function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var body = head.closest("table").tBodies[0];
      var at = head.cellIndex;
      var down = head.getAttribute("aria-sort") === "ascending";
      var rows = Array.prototype.slice.call(body.rows);
      each("th[aria-sort]", function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort(function (a, b) {
        var x = a.cells[at].textContent.trim(), y = b.cells[at].textContent.trim();
        var p = parseFloat(x), q = parseFloat(y);
        var order = head.className === "n" ? (isNaN(p) ? -1 : p) - (isNaN(q) ? -1 : q) : x.localeCompare(y, "zh-CN");
        return down ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
    });
  });

  /* n and p: the next and the previous one; not where letters are typed. */
  document.addEventListener("keydown", function (event) {
    var tag = event.target.tagName;
    var typing = tag === "TEXTAREA" || tag === "SELECT" || (tag === "INPUT" && !/^(radio|checkbox)$/.test(event.target.type));
    if (event.ctrlKey || event.altKey || event.metaKey || typing) { return; }
    var link = document.querySelector(event.key === "n" ? "a[rel=next]" : event.key === "p" ? "a[rel=prev]" : "a[rel=none]");
    if (link) { link.click(); }
  });

  /* Files and folders that are dropped, or chosen: sent in one go, with a bar and which of how many; folders keep what lies in them. */
  var drop = document.getElementById("drop");
  function send(found) {
    if (!found.length) { return; }
    var form = new FormData();
    found.forEach(function (one) { form.append("files", one.file, one.path); });
    var bar = document.getElementById("sending");
    var request = new XMLHttpRequest(), told = document.getElementById("arrived"), upload = document.getElementById("upload");
    var button = upload.querySelector("button"), words = button.textContent, asking = 0;
    function tell(doing, done) { told.textContent = found.length > 1 ? doing + "：第 " + Math.min(done + 1, found.length) + " 个，共 " + found.length + " 个文件" : doing + "……"; }
    function ask() { // how many of them the program has put away
      fetch("/taking", { method: "POST", credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (now) {
        if (now.total === found.length && asking) { bar.max = now.total; bar.value = now.done; tell("送到了，正在收下", now.done); }
      }).catch(function () { /* the answer itself will come */ });
    }
    bar.hidden = told.hidden = false;
    tell("正在送", 0);
    request.upload.onprogress = function (event) {
      var end = 0, done = 0;
      found.forEach(function (one) { end += one.file.size; if (end <= event.loaded) { done += 1; } });
      bar.max = event.total;
      bar.value = event.loaded;
      tell("正在送", done);
    };
    request.upload.onload = function () { bar.removeAttribute("value"); told.textContent = "送到了，正在读……"; asking = setInterval(ask, 500); };
    request.onloadend = function () { clearInterval(asking); asking = 0; };
    /* What was taken in leads to a page, which may still be being read; what was refused says why where one is. */
    request.onload = function () {
      if (request.responseURL !== upload.action) { location.href = request.responseURL; return; }
      var answer = new DOMParser().parseFromString(request.responseText, "text/html"), main = answer.querySelector("main");
      sent = true;
      document.getElementById("main").innerHTML = main ? main.innerHTML : answer.body.innerHTML + '<p><button type="button" data-back>返回上一页</button></p>';
      window.scrollTo(0, 0);
    };
    request.onerror = function () {
      bar.hidden = told.hidden = true;
      button.disabled = false;
      button.textContent = words;
      alert("没有送到：一次送得太多，或者程序已经退出。请分几次送，或者直接拷进“" + upload.getAttribute("data-place") + "”。");
    };
    request.open("POST", upload.action);
    request.send(form);
  }
  function walk(entry, path, found, done) {
    if (entry.isFile) {
      entry.file(function (file) { found.push({ file: file, path: path + file.name }); done(); }, done);
      return;
    }
    var reader = entry.createReader();
    (function more() {
      reader.readEntries(function (entries) {
        if (!entries.length) { done(); return; }
        var left = entries.length;
        entries.forEach(function (one) { walk(one, path + entry.name + "/", found, function () { left -= 1; if (!left) { more(); } }); });
      }, done);
    }());
  }
  if (drop) {
    document.getElementById("upload").addEventListener("submit", function (event) {
      var chosen = [];
      each("#upload input[type=file]", function (input) {
        Array.prototype.forEach.call(input.files, function (file) { chosen.push({ file: file, path: file.webkitRelativePath || file.name }); });
      });
      if (chosen.length > 1) { event.preventDefault(); send(chosen); }
    });
    drop.addEventListener("dragover", function (event) { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", function () { drop.classList.remove("over"); });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      drop.classList.remove("over");
      var entries = Array.prototype.map.call(event.dataTransfer.items, function (item) { return item.webkitGetAsEntry(); }).filter(Boolean);
      var found = [];
      var left = entries.length;
      entries.forEach(function (entry) { walk(entry, "", found, function () { left -= 1; if (!left) { send(found); } }); });
    });
    window.addEventListener("dragover", function (event) { event.preventDefault(); });
    window.addEventListener("drop", function (event) { event.preventDefault(); });
  }

  /* A link to a cell opens the sheet that it is on. */
  function showTarget() {
    var cell = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var sheet = cell && cell.closest("details");
    if (sheet && !sheet.open) { sheet.open = true; cell.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", showTarget);
  showTarget();
  /* On the page of one doubt its place is in sight at once. */
  each(".answering .picture [id]", function (cell) { cell.scrollIntoView({ block: "center", inline: "center" }); window.scrollTo(0, 0); });
}());
