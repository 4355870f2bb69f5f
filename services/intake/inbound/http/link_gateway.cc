#include "services/intake/inbound/http/link_gateway.h"

#include <charconv>
#include <utility>

#include "common/core/digest.h"
#include "common/http/problem.h"
#include "common/security/text_guard.h"
#include "common/wire/json_codec.h"
#include "common/wire/outcome_codec.h"
#include "services/intake/inbound/http/link_pages.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;

constexpr DurationMs kPatienceMs = 10 * kSecondMs;
constexpr size_t kMostText = 2000;
constexpr size_t kMostForm = 16 * 1024;
constexpr size_t kHashBytes = 8;

std::string ShortHash(std::string_view text) { return ToHex(AsView(Sha256Of(text)).substr(0, kHashBytes)); }

bool WantsJson(const http::Request& request) {
  return request.headers.Get("Accept").find("application/json") != std::string_view::npos;
}

/// The track of the page whose intent the link names.
Track TrackOf(const Case& c, const SignedLink& link) {
  for (const OpenIntent& open : c.intents) {
    if (open.version == static_cast<uint64_t>(link.intent_version) && open.intent.index == link.intent_index)
      return open.intent.track;
  }
  return Track::kFunctional;
}

http::Response ErrorAs(bool json, const Error& error) {
  return json ? http::ProblemResponse(error) : LinkErrorPage(error);
}

}  // namespace

Result<LinkForm> ReadLinkForm(LinkAction action, std::string_view body) {
  LinkForm form;
  if (body.size() > kMostForm)
    return InvalidField("text", "is too long; at most " + std::to_string(kMostText) + " bytes are taken");
  const auto pairs = http::ParseQuery(body);
  if (!pairs) return InvalidField("body", "is no form; send application/x-www-form-urlencoded");
  for (const auto& [name, value] : *pairs) {
    if (name == "text") form.text = NormalizeNewlines(value);
    if (name != "score") continue;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), form.score);
    if (failure != std::errc() || end != value.data() + value.size())
      return InvalidField("score", "must be a number from 1 to 5");
  }
  if (const Status s = CheckLongText("text", form.text, kMostText); !s.ok()) return s.error();
  const bool needs_text =
      action == LinkAction::kReject || action == LinkAction::kEscalate || action == LinkAction::kAddFact;
  if (needs_text && form.text.empty()) return InvalidField("text", "is empty; say it in your words");
  if (action == LinkAction::kRate && (form.score < 1 || form.score > 5))
    return InvalidField("score", "must be a number from 1 to 5");
  return form;
}

cs::Command CommandOfLink(const SignedLink& link, const LinkForm& form, Track track) {
  cs::Command out;
  std::string id = "link/" + std::string(LinkActionName(link.action)) + "/" + std::to_string(link.intent_version) +
                   "/" + std::to_string(link.intent_index) + "/" + ShortHash(link.subject);
  switch (link.action) {
    case LinkAction::kAcknowledge:
      out.mutable_acknowledge()->set_channel("link");
      out.mutable_acknowledge()->set_track(static_cast<cm::Track>(track));
      break;
    case LinkAction::kConfirm:
      out.mutable_confirm_resolution();
      break;
    case LinkAction::kReject:
      out.mutable_reject_resolution()->set_reason(form.text);
      break;
    case LinkAction::kRate:
      out.mutable_rate()->set_what("resolution");
      out.mutable_rate()->set_score(form.score);
      out.mutable_rate()->set_text(form.text);
      break;
    case LinkAction::kEscalate:
      out.mutable_escalate()->set_reason(cm::ESCALATION_REASON_CUSTOMER_REQUEST);
      out.mutable_escalate()->set_text(form.text);
      break;
    case LinkAction::kAddFact:
      out.mutable_add_note()->set_visibility(cm::VISIBILITY_PUBLIC);
      out.mutable_add_note()->set_text(form.text);
      out.mutable_add_note()->set_from_customer(true);
      break;
    case LinkAction::kView:
      break;
  }
  // Other words are another command; the same form sent twice is not.
  if (!form.text.empty() || form.score != 0) id += "/" + ShortHash(std::to_string(form.score) + form.text);
  out.set_command_id(id);
  return out;
}

rpc::Caller LinkGateway::CallerOf(const SignedLink& link, const http::Request& request) const {
  const Role role = link.action == LinkAction::kAcknowledge ? Role::kAgent : Role::kRequester;
  const auto patience = static_cast<DurationMs>(static_cast<double>(kPatienceMs) * clock_.Factor());
  return {{link.tenant, link.subject, {role}},
          clock_.WallMs() + patience,
          runtime::TraceContext::ContinueOrNew(request.headers.Get("traceparent"))};
}

void LinkGateway::FindCase(const SignedLink& link, const rpc::Caller& caller, uint64_t min_version,
                           std::function<void(Result<FoundCase>)> done) {
  view_.Find({link.case_id, link.tenant, min_version, caller.deadline},
             [this, caller, done = std::move(done)](Result<FoundCase> found) {
               if (found.ok() && !queries_.MaySee(*found->c, caller.principal))
                 return done(Error{ErrorCode::kNotFound, "no such case"});
               done(std::move(found));
             });
}

void LinkGateway::Show(const http::Request& request, Done done) {
  const bool json = WantsJson(request);
  const Result<SignedLink> link = signer_.Verify(request.params.at("token"), clock_.WallMs());
  if (!link.ok()) return done(ErrorAs(json, link.error()));
  const rpc::Caller caller = CallerOf(*link, request);
  FindCase(*link, caller, 0, [this, json, link = *link, caller, done = std::move(done)](Result<FoundCase> found) {
    metrics_.Linked(static_cast<uint8_t>(LinkAction::kView), found.ok() ? nullptr : &found.error());
    if (!found.ok()) return done(ErrorAs(json, found.error()));
    if (!json) return done(LinkPage(link, *found->c));
    const Result<cs::PublicCase> shown = queries_.Show(*found->c, caller.principal);
    done(shown.ok() ? http::JsonResponse(wire::ToJson(*shown)) : http::ProblemResponse(shown.error()));
  });
}

void LinkGateway::Act(const http::Request& request, Done done) {
  const bool json = WantsJson(request);
  const Result<SignedLink> link = signer_.Verify(request.params.at("token"), clock_.WallMs());
  if (!link.ok()) return done(ErrorAs(json, link.error()));
  const auto refuse = [&](const Error& error) {
    metrics_.Linked(static_cast<uint8_t>(link->action), &error);
    done(ErrorAs(json, error));
  };
  if (link->action == LinkAction::kView)
    return refuse(Error{ErrorCode::kPermissionDenied, "this link is for looking only"});
  const Result<LinkForm> form = ReadLinkForm(link->action, request.body);
  if (!form.ok()) return refuse(form.error());
  const rpc::Caller caller = CallerOf(*link, request);
  FindCase(*link, caller, 0,
           [this, json, link = *link, form = *form, caller, done = std::move(done)](Result<FoundCase> found) {
             if (!found.ok()) {
               metrics_.Linked(static_cast<uint8_t>(link.action), &found.error());
               return done(ErrorAs(json, found.error()));
             }
             cases_.Give(link.case_id, CommandOfLink(link, form, TrackOf(*found->c, link)), caller,
                         [this, json, link, caller, done](Result<Accepted> accepted) {
                           Answer(link, json, accepted, caller, done);
                         });
           });
}

void LinkGateway::Answer(const SignedLink& link, bool json, const Result<Accepted>& accepted, const rpc::Caller& caller,
                         const Done& done) {
  metrics_.Linked(static_cast<uint8_t>(link.action), accepted.ok() ? nullptr : &accepted.error());
  if (!accepted.ok()) return done(ErrorAs(json, accepted.error()));
  if (json) {
    cs::CommandResult result;
    wire::ToProto(accepted->answered, accepted->command_id, &result);
    return done(http::JsonResponse(wire::ToJson(result)));
  }
  const std::string outcome = accepted->answered.outcome == OutcomeKind::kUnchanged ? "It was so already." : "";
  FindCase(link, caller, accepted->answered.version, [action = link.action, outcome, done](Result<FoundCase> found) {
    done(LinkDonePage(action, found.ok() ? found->c.get() : nullptr, outcome));
  });
}

}  // namespace escalon::intake
