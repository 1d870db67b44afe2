// A picture's focal point and crops, set on the picture itself, with every crop drawn as it will be cut.
// All positions are shares of the picture's width and height; the form's numbers are percent.

const SMALLEST = 0.1; // of the picture's width, as on the server
const CORNERS = { nw: [0, 0], ne: [1, 0], sw: [0, 1], se: [1, 1] };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));
const percent = (share) => String(Math.round(share * 1000) / 10);
const place = (element, box) => {
  element.style.left = `${box.left * 100}%`;
  element.style.top = `${box.top * 100}%`;
  element.style.width = `${box.width * 100}%`;
  element.style.height = `${box.height * 100}%`;
};

const equip = (stage) => {
  const root = stage.closest("fieldset");
  const focal = stage.querySelector(".crop-focal");
  const frame = stage.querySelector(".crop-frame");
  const shades = stage.querySelector(".crop-shades");
  const corners = [...stage.querySelectorAll(".crop-corner")];
  const [focalX, focalY] = ["focal_x", "focal_y"].map((name) => root.querySelector(`[name=${name}]`));
  const shape = Number(stage.dataset.width) / Number(stage.dataset.height);

  // Reading the form

  const point = () => ({ x: clamp(Number(focalX.value) / 100, 0, 1), y: clamp(Number(focalY.value) / 100, 0, 1) });

  const crops = [...root.querySelectorAll(".crop")].map((fieldset) => {
    const field = (name) => fieldset.querySelector(`[name$="-${name}"]`);
    const slope = shape / Number(fieldset.dataset.ratio); // of a box: share of the height for a share of the width
    return {
      fieldset,
      title: fieldset.querySelector("legend").textContent.trim(),
      note: fieldset.querySelector(".crop-note"),
      proportions: fieldset.querySelector(".crop-note").textContent,
      wanted: Number(fieldset.dataset.wanted),
      own: field("is_own"),
      numbers: ["left", "top", "across"].map(field),
      slope,
      most: Math.min(1, 1 / slope),
    };
  });
  let active = crops.find((crop) => crop.own.checked) ?? crops[0];

  const about = (crop) => {
    const { x, y } = point();
    const [width, height] = [crop.most, crop.most * crop.slope];
    return { left: clamp(x - width / 2, 0, 1 - width), top: clamp(y - height / 2, 0, 1 - height), width, height };
  };

  const fitting = (crop, left, top, across) => {
    const width = clamp(across, Math.min(SMALLEST, crop.most), crop.most);
    const height = width * crop.slope;
    return { left: clamp(left, 0, 1 - width), top: clamp(top, 0, 1 - height), width, height };
  };

  const boxOf = (crop) =>
    crop.own.checked ? fitting(crop, ...crop.numbers.map((number) => Number(number.value) / 100)) : about(crop);

  // Drawing

  const drawCrop = (crop) => {
    const box = boxOf(crop);
    const image = crop.image.style;
    image.width = `${100 / box.width}%`;
    image.height = `${100 / box.height}%`;
    image.left = `${(-100 * box.left) / box.width}%`;
    image.top = `${(-100 * box.top) / box.height}%`;
    const pixels = Math.round(box.width * stage.dataset.width);
    const isSoft = pixels < crop.wanted;
    crop.note.textContent = isSoft ? `${crop.proportions}. Only ${pixels} pixels wide: may look soft.` : crop.proportions;
    crop.fieldset.classList.toggle("is-soft", isSoft);
    crop.fieldset.classList.toggle("is-own", crop.own.checked);
    crop.fieldset.classList.toggle("is-shown", crop === active);
    crop.button.setAttribute("aria-pressed", String(crop === active));
  };

  const drawStage = () => {
    const { x, y } = point();
    focal.style.left = `${x * 100}%`;
    focal.style.top = `${y * 100}%`;
    focal.setAttribute("aria-valuenow", percent(x));
    focal.setAttribute("aria-valuetext", `${percent(x)}% from the left, ${percent(y)}% from the top`);
    const box = boxOf(active);
    const isOwn = active.own.checked;
    place(frame, box);
    place(shades.firstElementChild, box);
    frame.classList.toggle("is-own", isOwn);
    for (const corner of corners) {
      const [right, bottom] = CORNERS[corner.dataset.corner];
      corner.style.left = `${(box.left + right * box.width) * 100}%`;
      corner.style.top = `${(box.top + bottom * box.height) * 100}%`;
      corner.hidden = !isOwn;
    }
    const size = corners.at(-1);
    for (const [control, label, now] of [[frame, "position", box.left], [size, "width", box.width]]) {
      control.tabIndex = isOwn ? 0 : -1;
      control.toggleAttribute("inert", !isOwn);
      control.setAttribute("aria-label", `${active.title}: ${label} of the crop`);
      control.setAttribute("aria-valuenow", percent(now));
    }
    frame.setAttribute("aria-valuetext", `${percent(box.left)}% from the left, ${percent(box.top)}% from the top`);
    size.setAttribute("aria-valuetext", `${percent(box.width)}% of the picture’s width`);
  };

  const draw = () => {
    crops.forEach(drawCrop);
    drawStage();
  };

  // Changing

  const setFocal = (x, y) => {
    focalX.value = Math.round(clamp(x, 0, 1) * 100);
    focalY.value = Math.round(clamp(y, 0, 1) * 100);
    draw();
  };

  const setBox = (crop, box) => {
    [box.left, box.top, box.width].forEach((share, index) => {
      crop.numbers[index].value = percent(share);
    });
    draw();
  };

  const choose = (crop) => {
    active = crop;
    draw();
  };

  const widen = (across, corner) => {
    const box = boxOf(active);
    const [right, bottom] = CORNERS[corner];
    const [edgeX, edgeY] = [box.left + (1 - right) * box.width, box.top + (1 - bottom) * box.height]; // stay put
    const room = Math.min(right ? 1 - edgeX : edgeX, (bottom ? 1 - edgeY : edgeY) / active.slope);
    const width = clamp(across, Math.min(SMALLEST, active.most), Math.min(active.most, room));
    const height = width * active.slope;
    setBox(active, fitting(active, right ? edgeX : edgeX - width, bottom ? edgeY : edgeY - height, width));
  };

  // Pointer

  const share = (event) => {
    const area = stage.getBoundingClientRect();
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
  };

  const drag = (element, begin) => {
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      element.focus();
      element.setPointerCapture(event.pointerId);
      const move = begin(...share(event));
      const follow = (moved) => move(...share(moved));
      element.addEventListener("pointermove", follow);
      const end = () => element.removeEventListener("pointermove", follow);
      element.addEventListener("pointerup", end, { once: true });
      element.addEventListener("pointercancel", end, { once: true });
    });
  };

  drag(focal, () => setFocal);
  drag(frame, (fromX, fromY) => {
    const box = boxOf(active);
    return (x, y) => setBox(active, fitting(active, box.left + x - fromX, box.top + y - fromY, box.width));
  });
  for (const corner of corners) {
    const name = corner.dataset.corner;
    drag(corner, () => {
      const box = boxOf(active);
      const still = CORNERS[name][0] ? box.left : box.left + box.width;
      return (x) => widen(Math.abs(x - still), name);
    });
  }
  stage.addEventListener("click", (event) => {
    if (event.target.closest("img")) setFocal(...share(event));
  });

  // Keyboard

  const onArrows = (element, move) => {
    element.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.05 : 0.01;
      const arrow = ARROWS[event.key];
      if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      move(arrow[0] * step, arrow[1] * step);
    });
  };

  onArrows(focal, (x, y) => {
    const now = point();
    setFocal(now.x + x, now.y + y);
  });
  onArrows(frame, (x, y) => {
    const box = boxOf(active);
    setBox(active, fitting(active, box.left + x, box.top + y, box.width));
  });
  onArrows(corners.at(-1), (x, y) => widen(boxOf(active).width + x + y, "se"));

  // The form's own controls

  for (const crop of crops) {
    const preview = crop.fieldset.querySelector(".crop-preview");
    crop.image = new Image();
    crop.image.alt = "";
    crop.button = document.createElement("button");
    crop.button.type = "button";
    crop.button.className = "crop-preview is-live";
    crop.button.setAttribute("aria-label", `Show on the picture: ${crop.title}`);
    crop.button.style.aspectRatio = crop.fieldset.dataset.ratio;
    crop.button.append(crop.image);
    preview.replaceWith(crop.button);
    crop.button.addEventListener("click", () => choose(crop));
    crop.fieldset.addEventListener("focusin", () => choose(crop));
    crop.own.addEventListener("change", () => {
      active = crop;
      if (crop.own.checked) setBox(crop, about(crop));
      else draw();
    });
    for (const number of crop.numbers) {
      number.addEventListener("input", draw);
      number.addEventListener("change", () => setBox(crop, boxOf(crop)));
    }
  }
  for (const number of [focalX, focalY]) number.addEventListener("input", draw);

  const picture = stage.querySelector("img");
  const show = () => {
    for (const crop of crops) crop.image.src = picture.currentSrc || picture.src;
  };
  picture.addEventListener("load", show);
  show();
  for (const element of [focal, frame, shades, root.querySelector(".crop-help")]) element.hidden = false;
  root.classList.add("is-live");
  draw();
};

document.querySelectorAll(".crop-stage:has(.crop-focal)").forEach(equip);
