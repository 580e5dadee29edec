import NIOCore
import NIOHTTP1

/// The server's own page: what answers here, for a person who opened the address in a browser.
enum HomePage {
    static func reply(to method: HTTPMethod) -> Reply {
        guard method == .GET || method == .HEAD else {
            return Refusal(.methodNotAllowed, .methodNotAllowed, "Use GET.", headers: [.allow: "GET, HEAD"]).reply()
        }
        var reply = Reply(.ok, contentType: "text/html; charset=utf-8", body: ByteBuffer(string: html))
        // The page needs nothing from anywhere, and no other page may frame it.
        reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return reply
    }

    private static let html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Switchboard</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #1b1f24 }
          code { background: #f0f2f4; padding: .1em .3em; border-radius: 4px }
          dt { margin-top: 1rem; font-weight: 600 } dd { margin: 0 }
        </style>
        <h1>Switchboard</h1>
        <p>Organizations bring their own Twilio accounts; front ends ask in GraphQL.</p>
        <dl>
          <dt><code>POST /graphql</code></dt>
          <dd>The API, with <code>Authorization: Bearer</code> and an API key. Any GraphQL client or IDE
            works. <code>Accept: text/event-stream</code> makes a subscription of it.</dd>
          <dt><code>/hooks/twilio/…</code></dt>
          <dd>Where Twilio reports to. Signed requests only.</dd>
          <dt><a href="healthz"><code>/healthz</code></a> · <a href="readyz"><code>/readyz</code></a> ·
            <a href="metrics"><code>/metrics</code></a></dt>
          <dd>Whether it is up, whether it is ready, and how it is doing.</dd>
        </dl>
        </html>
        """
}
