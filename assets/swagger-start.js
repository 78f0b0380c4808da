// Shows the OpenAPI document that the page names.
const place = document.getElementById("swagger-ui");
window.SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, validatorUrl: null });
