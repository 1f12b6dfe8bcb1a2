package dev.argus.webroot;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;

/** The page as somebody sees it, in a browser profile of its own. */
final class Dashboard implements AutoCloseable {
    static final int DESK = 1180;
    static final int PHONE = 390;
    private static final double LONGEST_WAIT_MILLIS = 30_000;

    private final BrowserContext context;
    private final String url;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> strangers = new ArrayList<>();
    final Page page;

    Dashboard(Browser browser, StandInApi api) {
        this(browser, api, DESK, ColorScheme.LIGHT);
    }

    Dashboard(Browser browser, StandInApi api, int width, ColorScheme scheme) {
        this(browser, api.url(), width, scheme);
    }

    /** The page that a server shows at that address. */
    Dashboard(Browser browser, String url, int width, ColorScheme scheme) {
        this.url = url;
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 844)
                .setColorScheme(scheme)
                .setLocale("en-GB"));
        context.setDefaultTimeout(LONGEST_WAIT_MILLIS);
        page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // refusals are part of the game, and the browser notes each of them
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onDialog(dialog -> {
            complaints.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(url)) {
                strangers.add(request.url());
            }
        });
    }

    /** Opens the page and signs in. */
    Dashboard signIn(String user, String password) {
        page.navigate(url);
        page.getByLabel("User").fill(user);
        page.getByLabel("Password").fill(password);
        button("Sign in").click();
        page.locator("#view-title").waitFor();
        return this;
    }

    /** Goes to the view at that fragment of the address. */
    void go(String fragment) {
        page.navigate(url + fragment);
        page.locator("#view-title").waitFor();
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The row of a service in the list. */
    Locator row(String service) {
        return page.locator("tr[data-service='" + service + "']");
    }

    /** The field of the deploy form with that label. */
    Locator field(String label) {
        return page.locator("argus-field")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator("label", new Page.LocatorOptions().setHasText(label))));
    }

    /** What the page did that no page should: errors, dialogs, refusals by the content security policy, foreign requests. */
    List<String> complaints() {
        List<String> all = new ArrayList<>(complaints);
        strangers.forEach(url -> all.add("a request to " + url));
        return all;
    }

    @Override
    public void close() {
        context.close();
    }
}
