/* Pictures that move: gives every div.moving of a page its buttons. How to make one:
   1. In a notebook, build one string of SVG for each frame and one sentence for each frame, from values of the package.
   2. The last line of the cell is moving_picture(frames, sentences, size=(w, h), label="what is seen", always="...", show="cumulative").
      It is in mlbook._moving, and writes <div class="moving"><svg><g class="frame">..</g>..</svg><ol><li>..</li>..</ol></div>.
   3. show="cumulative" keeps the frames before on the page; show="one" shows a frame at a time (a window that slides).
      `always` is SVG that is below all frames, such as the digit or the network itself.
   4. Ink is currentColor, which follows the theme; BLUE, RED and GREEN of mlbook._moving can be read on light and dark pages.
   5. The picture waits on its first frame, or with rest="last" on its last, or with rest=3 on its fourth, with a Play button in the colour of links, until somebody plays or steps; a click
      on it plays and pauses, too. Keys, with the picture in focus: space plays and pauses, left and right step, Home and
      End go to the first and last frame.
   6. Without a script, in print, and with prefers-reduced-motion it is still and complete, with all its sentences (book.css).
   7. With `#| label: fig-...` and `#| fig-cap: ...` above the cell it has a number and a caption. */
"use strict";
(() => {
    const PAUSE = 1800;  // milliseconds between frames
    const calm = matchMedia("(prefers-reduced-motion: reduce)");

    function button(bar, name, act) {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = name;
        made.addEventListener("click", act);
        bar.append(made);
        return made;
    }

    function start(picture) {
        const frames = [...picture.querySelectorAll("g.frame")], sentences = [...picture.querySelectorAll("ol > li")];
        const single = picture.dataset.show === "one", last = frames.length - 1;
        const rest = picture.dataset.rest === "last" ? last : Number(picture.dataset.rest || 0);
        let waiting = !calm.matches;
        const bar = document.createElement("div"), place = document.createElement("span");
        let at = 0, timer = null;

        function show(number) {
            at = Math.min(Math.max(number, 0), last);
            frames.forEach((frame, i) => frame.setAttribute("display", (single ? i === at : i <= at) ? "inline" : "none"));
            sentences.forEach((sentence, i) => sentence.classList.toggle("current", i === at));
            place.textContent = waiting ? `${frames.length} pictures` : `${at + 1} of ${frames.length}`;
            picture.dataset.at = at;
        }

        function pause() {
            clearInterval(timer);
            timer = null;
            play.textContent = at === last ? "Play again" : "Play";
            play.classList.remove("playing");
        }

        function begin() {
            waiting = false;
            picture.classList.remove("waiting");
        }

        function step(number) {
            begin();
            show(number);
            pause();
        }

        function toggle() {
            if (timer !== null) return pause();
            if (calm.matches) return;
            const again = at === last || (waiting && rest > 0);
            begin();
            show(again ? 0 : at + 1);
            play.textContent = "Pause";
            play.classList.add("playing");
            timer = setInterval(() => {
                show(at + 1);
                if (at === last) pause();
            }, PAUSE);
        }

        bar.className = "moving-bar";
        const play = button(bar, "Play", toggle);
        play.className = "play";
        button(bar, "Back", () => step(at - 1)).className = "back";
        button(bar, "Step", () => step(at === last ? 0 : at + 1)).className = "step";
        bar.append(place);
        picture.querySelector("svg").after(bar);
        picture.querySelector("ol").setAttribute("aria-live", "polite");
        picture.tabIndex = 0;
        picture.addEventListener("keydown", event => {
            const acts = {ArrowLeft: () => step(at - 1), ArrowRight: () => step(at + 1), Home: () => step(0), End: () => step(last)};
            if (event.target === picture) acts[" "] = toggle;  // on a button the space bar presses the button
            if (!acts[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            event.stopPropagation();
            acts[event.key]();
        });
        picture.querySelector("svg").addEventListener("click", toggle);
        calm.addEventListener("change", () => calm.matches && step(last));
        picture.classList.add("ready");
        picture.classList.toggle("waiting", waiting);
        show(calm.matches ? last : rest);
    }

    document.querySelectorAll("div.moving").forEach(start);
})();
