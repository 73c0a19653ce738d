// How far a list is, as it goes on. Without it the page says so when it is loaded again.
const section = document.querySelector("[data-events]");

if (section !== null) {
  const source = new EventSource(section.dataset.events);
  const bar = section.querySelector("progress");

  source.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    for (const [name, text] of Object.entries(told)) {
      const place = document.querySelector(`[data-progress="${CSS.escape(name)}"]`);
      if (place !== null && place.textContent !== text) {
        place.textContent = text;
      }
    }
    if (told.share === "") {
      bar.removeAttribute("value");
    } else {
      bar.value = Number(told.share);
    }
  });

  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });

  window.addEventListener("pagehide", () => source.close());
}
