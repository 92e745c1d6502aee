// Swagger UI, which comes with django-ninja, draws /v1/openapi.json. It only shows: it sends no
// requests and asks for no key, because a secret key has no business in a browser.
(() => {
  const place = document.querySelector(".api-reference");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", dress);
  dress();

  const absent = () => () => null;
  SwaggerUIBundle({
    url: place.dataset.url,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [
      { wrapComponents: { authorizeBtn: absent, authorizeOperationBtn: absent } },
    ],
  });
})();
