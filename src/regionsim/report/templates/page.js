(function () {
  const page = JSON.parse(document.getElementById("charts").textContent);
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, config: page.config, formatLocale: page.locale,
  };
  for (const place of document.querySelectorAll("[data-chart]")) {
    window.vegaEmbed(place, page.charts[place.dataset.chart], options).catch(function (error) {
      place.textContent = String(error);
      place.classList.add("failed");
    });
  }
  // Paper cannot be clicked: print the folded tables of the text, but not the data behind each chart or the whole
  // configuration.
  let unfolded = [];
  window.addEventListener("beforeprint", function () {
    unfolded = Array.from(document.querySelectorAll("section > details:not([open])"))
      .filter((part) => part.querySelector("table"));
    for (const part of unfolded) { part.open = true; }
  });
  window.addEventListener("afterprint", function () {
    for (const part of unfolded) { part.open = false; }
  });
})();
