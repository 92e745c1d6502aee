"""Ways to use a page. All of them have the same few methods, so one journey works with each."""

from playwright.sync_api import expect

_PATIENCE = 80  # after so many presses of Tab a page counts as blocked


class Mouse:
    def __init__(self, window):
        self.window = window
        self.page = window.page

    def open(self, path):
        self.window.open(path)

    def write(self, label, text):
        self._field(label).fill(text)

    def press(self, name):
        self._button(name).click()

    def follow(self, name):
        self._link(name).click()

    def unfold(self, name):
        self._summary(name).click()

    def choose(self, name):
        self._radio(name).check()

    def _field(self, label):
        return self.page.get_by_label(label)

    def _button(self, name):
        return self.page.get_by_role("button", name=name, exact=True).first

    def _link(self, name):
        return self.page.get_by_role("link", name=name, exact=True).first

    def _summary(self, name):
        return self.page.locator("summary", has_text=name)

    def _radio(self, name):
        return self.page.get_by_role("radio", name=name)


class Keyboard(Mouse):
    """Uses Tab, Enter, arrow keys and typing, never the mouse."""

    def write(self, label, text):
        self._reach(self._field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, name):
        self._enter(self._button(name))

    def follow(self, name):
        self._enter(self._link(name))

    def unfold(self, name):
        self._enter(self._summary(name))

    def choose(self, name):
        """Tab reaches the group as a whole; arrow keys move within it."""
        wanted = self._radio(name)
        group = wanted.get_attribute("name")
        self._reach(self.page.locator(f'input[type="radio"][name="{group}"]:checked'))
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")

    def _enter(self, locator):
        self._reach(locator)
        self.page.keyboard.press("Enter")

    def _reach(self, locator):
        expect(locator).to_be_visible()
        for _ in range(_PATIENCE):
            if locator.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {locator}")
