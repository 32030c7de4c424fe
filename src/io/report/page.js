"use strict";
// The page is complete without this script: it adds panning, details, sorting and readings.
(() => {
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const make = (tag, text, name) => {
    const it = document.createElement(tag);
    if (text !== undefined) it.textContent = text;
    if (name) it.className = name;
    return it;
  };

  const details = json("details");
  const map = document.getElementById("map");
  const panel = document.getElementById("panel");
  const words = panel.dataset;
  const chosen = document.getElementById("chosen");
  const frame = map.parentElement;
  const tip = frame.querySelector(".tip");
  const box = (text) => text.split(" ").map(Number);
  const whole = box(map.dataset.whole);
  let view = box(map.dataset.home);

  // Metres a pixel: the drawing keeps its proportions, so the tighter side decides.
  const unit = () => {
    const { width, height } = map.getBoundingClientRect();
    return Math.max(view[2] / width, view[3] / height);
  };
  const scale = frame.querySelector(".scale");
  // Names that would touch an earlier one are left out.
  const names = [...map.querySelectorAll(".names text")].map((it) => ({
    it, x: +it.getAttribute("x"), y: +it.getAttribute("y"), wide: it.textContent.length * 9 + 8,
  }));
  const thin = (u) => {
    const kept = [];
    names.forEach(({ it, x, y, wide }) => {
      const [left, top] = [x / u, y / u];
      const free = kept.every((k) => left + wide < k.left || k.left + k.wide < left || Math.abs(top - k.top) > 18);
      it.style.display = free ? "" : "none";
      if (free) kept.push({ left, top, wide });
    });
  };
  let thinned = 0;
  const draw = () => {
    map.setAttribute("viewBox", view.map((it) => it.toFixed(1)).join(" "));
    const u = unit();
    map.style.setProperty("--u", u);
    map.classList.toggle("near", u < 14);
    map.classList.toggle("far", u > 60);
    if (Math.abs(u - thinned) > thinned * 0.01) thin(u);
    thinned = u;
    let length = 10 ** Math.floor(Math.log10(u * 140));
    length *= [5, 2, 1].find((it) => it * length <= u * 140) || 1;
    scale.firstElementChild.style.width = `${length / u}px`;
    scale.lastElementChild.textContent = length < 1000 ? `${length} m` : `${length / 1000} km`;
  };
  const zoom = (factor, at) => {
    const most = Math.max(whole[2], whole[3]) * 1.5;
    const width = Math.min(most, Math.max(40, view[2] * factor));
    const by = width / view[2];
    const [x, y] = at || [view[0] + view[2] / 2, view[1] + view[3] / 2];
    view = [x - (x - view[0]) * by, y - (y - view[1]) * by, width, view[3] * by];
    draw();
  };
  const place = (event) => {
    const it = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [it.x, it.y];
  };

  // A thin line is hard to hit: what lies within a few pixels counts.
  const under = (event) => {
    for (const [dx, dy] of [[0, 0], [5, 0], [-5, 0], [0, 5], [0, -5], [8, 8], [-8, 8], [8, -8], [-8, -8]]) {
      const it = document.elementFromPoint(event.clientX + dx, event.clientY + dy);
      if (it && it.dataset && it.dataset.i !== undefined && map.contains(it)) return it;
    }
    return null;
  };

  const list = (heading, rows) => {
    if (!rows.length) return;
    panel.append(make("h4", heading));
    const ul = make("ul");
    rows.forEach((row) => ul.append(make("li", row)));
    panel.append(ul);
  };
  const picture = ({ src, caption, bounds }) => {
    const figure = make("figure");
    const shot = make("span", undefined, "shot");
    const image = make("img");
    image.alt = `${words.evidence}${words.colon}${caption}`;
    image.onload = () => {
      const [left, top, right, bottom] = bounds;
      const mark = make("i");
      const percent = (part, of) => `${(100 * part) / of}%`;
      mark.style.left = percent(left, image.naturalWidth);
      mark.style.top = percent(top, image.naturalHeight);
      mark.style.width = percent(right - left, image.naturalWidth);
      mark.style.height = percent(bottom - top, image.naturalHeight);
      shot.append(mark);
    };
    image.onerror = () => shot.replaceWith(make("p", `${src.slice(2)}${words.colon}${words.missing}`, "soft"));
    image.src = src;
    shot.append(image);
    figure.append(shot, make("figcaption", caption));
    return figure;
  };
  const show = (rank, move) => {
    const it = details[rank];
    const path = map.querySelector(`[data-i="${rank}"]`);
    chosen.setAttribute("d", path.getAttribute("d"));
    panel.replaceChildren(make("h3", it.place));
    if (it.ng) {
      const notes = make("div", undefined, "notes");
      [["NG", it.ng], ["NP", it.np], ["NU", it.nu]].forEach(([name, note]) => {
        const one = make("div", undefined, name === "NG" ? `main c${it.class}` : "");
        one.append(make("b", note), make("small", name));
        if (name === "NG" && it.between) one.append(make("small", it.between, "between"));
        notes.append(one);
      });
      panel.append(notes);
    } else {
      panel.append(make("p", `${words.noNote}${words.colon}${it.why}`));
    }
    panel.append(make("p", `${words.length} ${it.length} · ${words.coverage} ${it.coverage}`, "soft"));
    const defects = it.defects.map(([name, severity, extent]) => `${name} (${severity})${words.colon}${extent}`);
    if (it.ng && !defects.length) defects.push(words.none);
    list(words.defects, defects);
    it.pictures.forEach((one) => panel.append(picture(one)));
    list(words.works, it.works.map((row) => `${row[0]}, ${row[1]}${words.colon}${row[2]}, ${row[3]}`));
    if (move) {
      const around = path.getBBox();
      const side = Math.max(around.width, around.height, 200) * 5;
      const [x, y] = [around.x + around.width / 2, around.y + around.height / 2];
      view = [x - side / 2, y - side / 2, side, side];
      draw();
    }
  };

  // One finger or the mouse moves the map, two fingers zoom it.
  const fingers = new Map();
  let start = null;
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };
  map.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    start = { at: place(event), x: event.clientX, y: event.clientY, moved: false };
  });
  map.addEventListener("pointermove", (event) => {
    if (fingers.has(event.pointerId)) {
      const before = fingers.size === 2 ? apart() : 0;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        start.moved = true;
        zoom(before / Math.max(1, apart()), place(event));
      } else {
        start.moved ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > 4;
        if (start.moved) {
          map.setPointerCapture(event.pointerId);
          map.classList.add("moving");
          const [x, y] = place(event);
          view[0] += start.at[0] - x;
          view[1] += start.at[1] - y;
          draw();
        }
      }
      return;
    }
    const path = under(event);
    tip.hidden = !path;
    if (path) {
      const it = details[path.dataset.i];
      tip.replaceChildren(make("b", it.ng ? `NG ${it.ng}` : it.why), document.createTextNode(` · ${it.place}`));
      const around = frame.getBoundingClientRect();
      const left = Math.min(event.clientX - around.left + 14, around.width - tip.offsetWidth - 4);
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${event.clientY - around.top + 16}px`;
    }
  });
  const release = (event) => {
    const clicked = start && !start.moved && fingers.size === 1 && event.type === "pointerup";
    fingers.delete(event.pointerId);
    map.classList.remove("moving");
    const path = clicked && under(event);
    if (path) show(path.dataset.i, false);
  };
  map.addEventListener("pointerup", release);
  map.addEventListener("pointercancel", release);
  map.addEventListener("pointerleave", () => { tip.hidden = true; });
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== map) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, place(event));
  }, { passive: false });
  const go = { in: () => zoom(1 / 1.5), out: () => zoom(1.5) };
  go.home = () => { view = box(map.dataset.home); draw(); };
  go.whole = () => { view = [...whole]; draw(); };
  const step = (x, y) => () => { view[0] += view[2] * x; view[1] += view[3] * y; draw(); };
  const keys = {
    "+": go.in, "=": go.in, "-": go.out, "0": go.home, Home: go.home,
    ArrowLeft: step(-0.12, 0), ArrowRight: step(0.12, 0), ArrowUp: step(0, -0.12), ArrowDown: step(0, 0.12),
  };
  map.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  frame.querySelector(".tools").hidden = false;
  scale.hidden = false;
  frame.querySelectorAll("[data-do]").forEach((it) => it.addEventListener("click", go[it.dataset.do]));
  document.querySelectorAll("[data-show]").forEach((it) => {
    it.addEventListener("click", () => show(it.dataset.show, true));
  });
  new ResizeObserver(draw).observe(map);
  draw();

  // Tables sort by their headings: by data-by where a cell has it, by its text otherwise.
  document.querySelectorAll("table.sortable").forEach((table) => {
    const body = table.tBodies[0];
    const language = document.documentElement.lang;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        const key = (row) => row.cells[column].dataset.by ?? row.cells[column].textContent;
        const rows = [...body.rows].sort((a, b) => key(a).localeCompare(key(b), language, { numeric: true }));
        [...table.tHead.rows[0].cells].forEach((it) => it.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        body.append(...(down ? rows.reverse() : rows));
      });
    });
  });

  // The chart gives its readings under the pointer.
  const chart = document.getElementById("chart");
  const data = json("chart-data");
  if (chart && data) {
    const now = chart.querySelector(".now");
    const says = chart.parentElement.querySelector(".tip");
    chart.addEventListener("pointermove", (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse()).x;
      const near = data.stops.reduce((best, it, rank) => (Math.abs(it - at) < Math.abs(data.stops[best] - at) ? rank : best), 0);
      now.setAttribute("x1", data.stops[near]);
      now.setAttribute("x2", data.stops[near]);
      now.setAttribute("visibility", "visible");
      const rows = data.lines.filter((it) => it.values[near]).map((it) => {
        const row = make("div");
        const key = make("i", undefined, it.dash === "none" ? "" : "dashed");
        key.style.setProperty("--line", it.colour);
        row.append(key, document.createTextNode(`${it.name} ${it.values[near]}`));
        return row;
      });
      says.replaceChildren(make("b", data.first + near), ...rows);
      says.hidden = false;
      const around = chart.parentElement.getBoundingClientRect();
      const left = event.clientX - around.left;
      says.style.left = `${left > around.width * 0.6 ? left - says.offsetWidth - 16 : left + 16}px`;
      says.style.top = "10px";
    });
    chart.addEventListener("pointerleave", () => {
      now.setAttribute("visibility", "hidden");
      says.hidden = true;
    });
  }
})();
