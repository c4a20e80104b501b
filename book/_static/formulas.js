// An equation breaks where its place beside the number ends, and a formula in the text does not: a matrix there would be
// squeezed. MathJax by itself measures the place with the formula in it. Cases do not break, each stays with its condition:
// they may take the whole line, with the number below, and are made smaller only where that is not enough.
function setRooms({ math }) {
    for (const item of math) {
        const display = item.start.node.parentElement.closest("div.math"), number = display?.querySelector(".eqno");
        const whole = display && item.math.includes("{cases}"), taken = whole ? 0 : 16 + (number?.offsetWidth ?? 0);
        item.metrics.containerWidth = display ? display.clientWidth - taken : 10_000;
        if (whole) item.root.attributes.set("overflow", "scale");
    }
}
if (window.MathJax) MathJax.options.renderActions = { room: [120, setRooms, ""] };

// One that cannot break, and is wider than its place, scrolls. The keyboard reaches it, and a screen reader says which it is.
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
    screen.orientation?.addEventListener("change", async () => {
        const maths = window.MathJax?.startup?.document;
        if (!maths) return;
        setRooms(maths);
        await maths.rerenderPromise();
        all();
    });
    all();
});

// A link to what is folded away opens it, also in browsers that do not do so by themselves.
function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let fold = target?.closest("details:not([open])");
    if (!fold) return;
    for (; fold; fold = target.closest("details:not([open])")) fold.open = true;
    target.scrollIntoView();
}
window.addEventListener("hashchange", unfold);
if (location.hash) window.addEventListener("load", unfold);
