#include "common/wire/submission_reader.h"

#include <algorithm>
#include <array>

#include "common/security/text_guard.h"
#include "common/wire/timestamps.h"

namespace escalon::wire {
namespace {

namespace sb = ::escalon::submission::v1;

constexpr size_t kMaxTags = 64;
constexpr size_t kMaxSkills = 32;
constexpr size_t kMaxLabels = 64;
constexpr size_t kLabelBytes = 1024;
constexpr size_t kPersonBytes = 512;
constexpr size_t kUrlBytes = 2048;
constexpr std::string_view kDefaultKind = "incident";

// What the decider lets change (decide_facts.cc), by the names of a submission.
constexpr std::array<std::string_view, 19> kChangeable = {
    "kind",     "title",          "description", "service",   "category",    "region", "residency",
    "customer", "contract",       "tags",        "skills",    "labels",      "impact", "urgency",
    "risk",     "business_value", "restricted",  "requester", "external_url"};

constexpr std::array<std::string_view, 4> kContactPrefixes = {"mail:", "sms:", "https://", "http://"};

void Take(CommandReader& x, const char* field, const std::string& text, IdKind kind, std::string* out) {
  if (text.empty()) return;
  if (auto status = CheckId(field, text, kind); !status) return x.Fail(field, status.error());
  *out = text;
}

void TakeLine(CommandReader& x, const char* field, const std::string& text, size_t max_bytes, std::string* out) {
  if (text.empty()) return;
  if (auto status = CheckTitle(field, text, max_bytes); !status) return x.Fail(field, status.error());
  *out = text;
}

template <typename Prefixes>
bool StartsWithAny(std::string_view text, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return text.starts_with(p); });
}

void TakeList(CommandReader& x, const char* field, const google::protobuf::RepeatedPtrField<std::string>& texts,
              size_t most, std::vector<std::string>* out) {
  if (static_cast<size_t>(texts.size()) > most) {
    return x.Fail(field,
                  "has " + std::to_string(texts.size()) + " items; at most " + std::to_string(most) + " are allowed");
  }
  out->reserve(static_cast<size_t>(texts.size()));
  for (int i = 0; i < texts.size(); ++i) {
    x.Enter(field, i);
    if (auto status = CheckId("", texts.Get(i), IdKind::kTag); !status) x.Fail("", status.error());
    x.Leave();
    out->push_back(texts.Get(i));
  }
}

void TakeLabels(CommandReader& x, const sb::Submission& p, Facts* out) {
  if (p.labels().size() > kMaxLabels) {
    return x.Fail("labels", "has " + std::to_string(p.labels().size()) + " items; at most " +
                                std::to_string(kMaxLabels) + " are allowed");
  }
  for (const auto& [key, value] : p.labels()) {
    if (auto status = CheckId("labels", key, IdKind::kTag); !status) x.Fail("labels", status.error());
    if (auto status = CheckLongText("labels", value, kLabelBytes); !status) x.Fail("labels", status.error());
    out->labels.emplace(key, value);
  }
}

/// `keyless`: the subject of people whom the source gives no id; empty: it has to give one.
void TakePerson(CommandReader& x, const char* field, const sb::Person& p, const std::string& keyless, Party* out) {
  x.Enter(field);
  Take(x, "id", p.id(), IdKind::kSubject, &out->subject);
  if (p.id().empty()) out->subject = keyless;
  if (p.id().empty() && keyless.empty()) x.Fail("id", "is empty; say who, by the source's id of the person");
  std::string name;
  std::string contact;
  TakeLine(x, "name", p.name(), kPersonBytes, &name);
  TakeLine(x, "contact", p.contact(), kPersonBytes, &contact);
  if (!contact.empty() && !StartsWithAny(contact, kContactPrefixes)) {
    x.Fail("contact", "does not say how; write mail:name@example.com, sms:+4312345 or an https address");
  }
  Take(x, "language", p.language(), IdKind::kName, &out->language);
  out->vip = p.vip();
  if (x.ok()) {
    x.SealFor(out->subject, kPartyName, name, &out->sealed_name);
    x.SealFor(out->subject, kPartyContact, contact, &out->sealed_contact);
  }
  x.Leave();
}

void TakePeople(CommandReader& x, const sb::Submission& p, const std::string& keyless, Facts* out) {
  if (p.has_requester()) TakePerson(x, "requester", p.requester(), keyless, &out->requester);
  if (p.has_reporter()) TakePerson(x, "reporter", p.reporter(), keyless, &out->reporter);
}

void TakeDescription(CommandReader& x, const sb::Submission& p, const std::string& subject, Facts* out) {
  const std::string text = NormalizeNewlines(p.description());
  if (auto status = CheckLongText("description", text, kMaxPersonalBytes); !status)
    return x.Fail("description", status.error());
  if (x.ok()) x.SealFor(subject, kDescription, text, &out->sealed_text);
}

void ReadPlainFacts(CommandReader& x, const sb::Submission& p, Facts* out) {
  Take(x, "kind", p.kind(), IdKind::kName, &out->kind);
  TakeLine(x, "title", p.title(), kMostTitleBytes, &out->title);
  if (const size_t characters = CharactersOf(out->title); characters > kLongestTitle) {
    x.Fail("title", "has " + std::to_string(characters) + " characters; at most " + std::to_string(kLongestTitle) +
                        " are allowed");
  }
  Take(x, "service", p.service(), IdKind::kService, &out->service);
  Take(x, "category", p.category(), IdKind::kService, &out->category);
  Take(x, "region", p.region(), IdKind::kName, &out->region);
  Take(x, "residency", p.residency(), IdKind::kName, &out->residency);
  Take(x, "customer", p.customer(), IdKind::kKey, &out->customer);
  Take(x, "contract", p.contract(), IdKind::kKey, &out->contract);
  Take(x, "external_ref", p.external_ref(), IdKind::kKey, &out->external_ref);
  TakeLine(x, "external_url", p.external_url(), kUrlBytes, &out->external_url);
  if (!out->external_url.empty() && !out->external_url.starts_with("https://") &&
      !out->external_url.starts_with("http://")) {
    x.Fail("external_url", "is no web address; it has to begin with https:// or http://");
  }
  x.Enum("impact", p.impact(), &out->impact);
  x.Enum("urgency", p.urgency(), &out->urgency);
  x.Enum("risk", p.risk(), &out->risk);
  x.Enum("business_value", p.business_value(), &out->business_value);
  out->proactive = p.proactive();
  out->restricted = p.restricted();
  TakeList(x, "tags", p.tags(), kMaxTags, &out->tags);
  TakeList(x, "skills", p.skills(), kMaxSkills, &out->skills);
  TakeLabels(x, p, out);
  if (p.has_occurred_at()) x.Time("occurred_at", p.occurred_at(), &out->occurred_at);
}

}  // namespace

void ReadFacts(CommandReader& x, const sb::Submission& p, std::string_view default_source, Facts* out) {
  out->source = default_source;
  Take(x, "source", p.source(), IdKind::kSubject, &out->source);
  ReadPlainFacts(x, p, out);
  TakePeople(x, p, "source:" + out->source, out);
  if (!p.has_reporter()) out->reporter = out->requester;
  if (p.title().empty()) x.Fail("title", "is empty; say in one line what it is about");
  TakeDescription(x, p, SubjectOf(*out), out);
  if (out->kind.empty()) out->kind = kDefaultKind;
}

void ReadStanding(CommandReader& x, const sb::Standing& p, const std::string& subject, OpenCase* out) {
  Standing& to = out->standing;
  x.Enter("standing");
  x.Enum("priority", p.priority(), &to.priority);
  Take(x, "level", p.level(), IdKind::kName, &to.level);
  Take(x, "team", p.team(), IdKind::kName, &to.team);
  Take(x, "person", p.person(), IdKind::kSubject, &to.person);
  Take(x, "pending", p.pending(), IdKind::kName, &to.pending);
  if (p.has_opened_at()) x.Time("opened_at", p.opened_at(), &to.opened_at);
  if (p.has_acknowledged_at()) x.Time("acknowledged_at", p.acknowledged_at(), &to.acknowledged_at);
  if (p.has_responded_at()) x.Time("responded_at", p.responded_at(), &to.responded_at);
  if (p.has_pending_since()) x.Time("pending_since", p.pending_since(), &to.pending_since);
  to.escalations = p.escalations();
  to.reassignments = p.reassignments();
  to.reopens = p.reopens();
  if (!x.Items("pauses", p.pauses_size())) return x.Leave();
  for (int i = 0; i < p.pauses_size(); ++i) {
    x.Enter("pauses", i);
    StandingPause& pause = to.pauses.emplace_back();
    Take(x, "reason", p.pauses(i).reason(), IdKind::kName, &pause.reason);
    x.Time("from", p.pauses(i).from(), &pause.from);
    x.Time("to", p.pauses(i).to(), &pause.to);
    x.Leave();
  }
  if (!x.Items("clocks", static_cast<int>(p.clocks().size()))) return x.Leave();
  for (const auto& [name, started_at] : p.clocks()) {
    StandingClock& clock = to.clocks.emplace_back();
    Take(x, "clocks", name, IdKind::kName, &clock.name);
    x.Time("clocks", started_at, &clock.started_at);
  }
  // The order of a map is nobody's; that of the record must be the same each time.
  std::sort(to.clocks.begin(), to.clocks.end());
  const std::string text = NormalizeNewlines(p.history());
  if (auto status = CheckLongText("history", text, kMaxPersonalBytes); !status) x.Fail("history", status.error());
  if (x.ok()) x.SealFor(subject, kNote, text, &out->sealed_history);
  x.Leave();
}

bool IsChangeableFact(std::string_view field) {
  return std::find(kChangeable.begin(), kChangeable.end(), field) != kChangeable.end();
}

void ReadChangedFacts(CommandReader& x, const sb::Submission& p, ChangeFacts* out) {
  const auto refuse = [&](bool given, const char* field) {
    if (given) x.Fail(field, "cannot be changed; leave it out");
  };
  refuse(!p.idempotency_key().empty(), "idempotency_key");
  refuse(!p.dedup_key().empty(), "dedup_key");
  refuse(!p.source().empty(), "source");
  refuse(!p.external_ref().empty(), "external_ref");
  refuse(p.has_reporter(), "reporter");
  refuse(p.has_occurred_at(), "occurred_at");
  refuse(p.imported(), "imported");
  refuse(p.has_standing(), "standing");
  refuse(p.action() != sb::SUBMISSION_ACTION_UNSPECIFIED, "action");
  ReadPlainFacts(x, p, &out->facts);
  TakePeople(x, p, {}, &out->facts);
  TakeDescription(x, p, x.subject(), &out->facts);
  const bool title = std::find(out->fields.begin(), out->fields.end(), "title") != out->fields.end();
  if (title && p.title().empty()) x.Fail("title", "is empty; say in one line what it is about");
  std::replace(out->fields.begin(), out->fields.end(), std::string("description"), std::string("sealed_text"));
}

}  // namespace escalon::wire
