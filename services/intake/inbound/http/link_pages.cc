#include "services/intake/inbound/http/link_pages.h"

#include <array>

#include "common/core/html.h"
#include "common/http/problem.h"

namespace escalon::intake {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 "
    "1rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.3rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem "
    "1rem}dt{color:#555}dd{margin:0}"
    "button{font:inherit;padding:.6rem "
    "1.4rem;border:0;border-radius:.3rem;background:#0b5cad;color:#fff;cursor:pointer}"
    "textarea,select{font:inherit;width:100%;box-sizing:border-box;margin:.3rem 0 1rem}";

struct Words {
  std::string_view question, button, done;
};
/// In the order of LinkAction.
constexpr auto kWords = std::to_array<Words>({
    {"", "", ""},
    {"Do you take this case on?", "Acknowledge", "You have taken the case on."},
    {"", "", ""},
    {"Does the solution work for you?", "Yes, it works", "Thank you. The solution is confirmed."},
    {"What does not work yet?", "It does not work", "Thank you. The case goes on."},
    {"How satisfied are you?", "Send the rating", "Thank you for your rating."},
    {"Why should this go further up?", "Ask for escalation", "Your wish was passed on."},
    {"What should we know?", "Send", "Thank you. It was added to the case."},
});

const Words& WordsOf(LinkAction action) {
  const auto index = static_cast<size_t>(action);
  return kWords[index < kWords.size() ? index : 0];
}

http::Response Page(int status, std::string_view title, const std::string& body) {
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<meta name=\"robots\" content=\"noindex\"><title>";
  response.body.append(EscapeHtml(title))
      .append("</title><style>")
      .append(kStyle)
      .append("</style></head><body><main>");
  response.body.append(body).append("</main></body></html>");
  response.headers.Add(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
  response.headers.Add("Referrer-Policy", "no-referrer");
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("X-Content-Type-Options", "nosniff");
  return response;
}

void Row(std::string* out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out->append("<dt>").append(name).append("</dt><dd>").append(EscapeHtml(value)).append("</dd>");
}

std::string Standing(const Case& c, bool desk) {
  std::string out = "<h1>" + EscapeHtml(c.facts->title) + "</h1><dl>";
  Row(&out, "Number", c.facts->external_ref);
  Row(&out, "State", Name(c.state));
  if (c.priority != Priority::kUnset) Row(&out, "Priority", Name(c.priority));
  Row(&out, "Service", c.facts->service);
  Row(&out, "Team", c.owner.team);
  if (desk) Row(&out, "Level", c.functional.level);
  if (desk) Row(&out, "Acknowledged by", c.acknowledged_by);
  Row(&out, "Waits for", c.pending.reason);
  if (c.eta_at != 0) Row(&out, "Expected", FormatInstant(c.eta_at));
  if (c.opened_at != 0) Row(&out, "Opened", FormatInstant(c.opened_at));
  if (c.resolved_at != 0) Row(&out, "Resolved", FormatInstant(c.resolved_at));
  Row(&out, "Last change", FormatInstant(c.last_at));
  return out + "</dl>";
}

std::string Form(LinkAction action) {
  if (action == LinkAction::kView) return {};
  const Words& words = WordsOf(action);
  std::string out = "<form method=\"post\"><p>" + std::string(words.question) + "</p>";
  if (action == LinkAction::kRate) {
    out +=
        "<label>Rating<select name=\"score\" required><option value=\"5\">5, "
        "very</option><option>4</option><option>3</option>"
        "<option>2</option><option value=\"1\">1, not at all</option></select></label>";
  }
  const bool text = action != LinkAction::kAcknowledge && action != LinkAction::kConfirm;
  if (text) {
    out += "<label>In your words<textarea name=\"text\" rows=\"5\" maxlength=\"2000\"";
    out += action == LinkAction::kRate ? "></textarea></label>" : " required></textarea></label>";
  }
  return out + "<button type=\"submit\">" + std::string(words.button) + "</button></form>";
}

}  // namespace

http::Response LinkPage(const SignedLink& link, const Case& c) {
  return Page(200, c.facts->title, Standing(c, link.action == LinkAction::kAcknowledge) + Form(link.action));
}

http::Response LinkDonePage(LinkAction action, const Case* c, std::string_view outcome) {
  std::string body = "<p><strong>" + std::string(WordsOf(action).done) + "</strong></p>";
  if (!outcome.empty()) body += "<p>" + EscapeHtml(outcome) + "</p>";
  if (c != nullptr) body += Standing(*c, action == LinkAction::kAcknowledge);
  return Page(200, "Done", body);
}

http::Response LinkErrorPage(const Error& error) {
  const bool old = error.detail == kLinkExpired;
  std::string body = old ? "<h1>This link is too old</h1>" : "<h1>That did not work</h1>";
  body += "<p>" + EscapeHtml(error.message) + "</p>";
  http::Response response = Page(http::HttpStatusOf(error.code), "Not done", body);
  if (Retryable(error.code)) response.headers.Add("Retry-After", "1");
  return response;
}

}  // namespace escalon::intake
