#include "services/notification/application/links.h"

namespace escalon::notification {

Links::Links(std::optional<LinkSigner> signer, std::string base_url, DurationMs acknowledge_for,
             DurationMs requester_for)
    : signer_(std::move(signer)),
      base_url_(base_url.ends_with('/') ? base_url.substr(0, base_url.size() - 1) : std::move(base_url)),
      acknowledge_for_(acknowledge_for),
      requester_for_(requester_for) {}

void Links::Add(const Delivery& d, LinkAction action, const char* name, InstantMs expires_at,
                std::map<std::string, std::string>* links) const {
  SignedLink link;
  link.tenant = d.origin->tenant;
  link.case_id = d.origin->case_id;
  link.action = action;
  link.subject = d.to.subject;
  link.intent_version = static_cast<int64_t>(d.origin->version);
  link.intent_index = d.intent->told.index;
  link.expires_at = expires_at;
  const Result<std::string> token = signer_->Make(link);
  // A subject that no link can carry gets a message without one.
  if (token.ok()) (*links)[name] = base_url_ + "/l/" + *token;
}

std::map<std::string, std::string> Links::For(const Delivery& d, InstantMs now) const {
  std::map<std::string, std::string> links;
  if (!signer_ || d.to.subject.empty() || d.origin->case_id.empty()) return links;
  const NotifyIntended& told = d.intent->told;
  if (d.to.kind == Recipient::Kind::kPerson) {
    if (d.page() && !d.to.outside) Add(d, LinkAction::kAcknowledge, "acknowledge", now + acknowledge_for_, &links);
    return links;
  }
  if (d.to.kind != Recipient::Kind::kOfCase) return links;
  const InstantMs expires_at = now + requester_for_;
  Add(d, LinkAction::kView, "view", expires_at, &links);
  if (told.message == "resolved" || told.message.ends_with("-resolved")) {
    Add(d, LinkAction::kConfirm, "confirm", expires_at, &links);
    Add(d, LinkAction::kReject, "reject", expires_at, &links);
  }
  if (told.message == "closed" || told.message.ends_with("-closed"))
    Add(d, LinkAction::kRate, "rate", expires_at, &links);
  return links;
}

}  // namespace escalon::notification
