// An equation wider than its place scrolls. The keyboard reaches one that does, and a screen reader says which it is.
function nameIfScrolling(display) {
    const scrolls = display.scrollWidth > display.clientWidth;
    const number = display.querySelector(".eqno")?.firstChild.textContent ?? "";
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", `Equation ${number}, scrolls sideways`]])
        scrolls ? display.setAttribute(name, value) : display.removeAttribute(name);
}

document.addEventListener("DOMContentLoaded", () => {
    const displays = document.querySelectorAll("div.math");
    const all = () => displays.forEach(nameIfScrolling);
    window.addEventListener("resize", all);
    window.addEventListener("load", () => displays.length && MathJax.startup.promise.then(all));
});
