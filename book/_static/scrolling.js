// An equation wider than its place scrolls. The keyboard reaches one that does, and a screen reader says which it is.
function nameIfScrolling(display) {
    const formula = display.querySelector("mjx-container");
    const number = display.querySelector(".eqno")?.firstChild.textContent ?? "";
    const attributes = { tabindex: "0", role: "group", "aria-label": `Equation ${number}, scrolls sideways` };
    for (const [name, value] of Object.entries(attributes))
        if (formula.scrollWidth > formula.clientWidth) formula.setAttribute(name, value);
        else formula.removeAttribute(name);
}

window.addEventListener("load", async () => {
    await window.MathJax?.startup?.promise;
    const all = () => document.querySelectorAll("div.math:has(mjx-container)").forEach(nameIfScrolling);
    window.addEventListener("resize", all);
    all();
});
