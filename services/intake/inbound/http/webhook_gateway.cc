#include "services/intake/inbound/http/webhook_gateway.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "common/core/digest.h"
#include "common/domain/facts.h"
#include "common/domain/vocabulary.h"
#include "common/security/text_guard.h"
#include "common/wire/json_codec.h"
#include "common/wire/timestamps.h"
#include "common/wire/utf8.h"

namespace escalon::intake {
namespace {

using nlohmann::json;
namespace cm = ::escalon::common::v1;
namespace sb = ::escalon::submission::v1;

constexpr size_t kMostNews = 500;
constexpr int kMostLabels = 64;
constexpr size_t kLabelBytes = 1024;
constexpr size_t kKeyBytes = 255;
constexpr size_t kUrlBytes = 2048;
constexpr size_t kServiceBytes = 128;

std::string TextAt(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A title: one line, cut where it is too long.
std::string TitleOf(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return std::string(CutToCharacters(text, kLongestTitle));
}

bool IsWeb(std::string_view url) {
  return (url.starts_with("http://") || url.starts_with("https://")) && url.size() <= kUrlBytes;
}

cm::Grade GradeOf(std::string_view text) {
  const std::optional<Grade> grade = ParseGrade(text);
  return grade ? static_cast<cm::Grade>(*grade) : cm::GRADE_UNSPECIFIED;
}

cm::Grade GradeOfSeverity(std::string_view severity) {
  if (severity == "critical" || severity == "page" || severity == "emergency") return cm::GRADE_HIGH;
  if (severity == "info" || severity == "information" || severity == "none") return cm::GRADE_LOW;
  return severity.empty() ? cm::GRADE_UNSPECIFIED : cm::GRADE_MEDIUM;
}

/// Fits a name that is not ours into a key: too long ones become their hash.
std::string Key(std::string text) {
  if (text.size() <= kKeyBytes) return text;
  return ToHex(AsView(Sha256Of(text)));
}

Status SetField(sb::Submission* out, const std::string& field, const std::string& value) {
  const auto person = [&](sb::Person* p, std::string_view part) {
    if (part == "id") p->set_id(value);
    if (part == "name") p->set_name(value);
    if (part == "contact")
      p->set_contact(value.find('@') != std::string::npos && value.find(':') == std::string::npos ? "mail:" + value
                                                                                                  : value);
    if (part == "language") p->set_language(value);
  };
  if (field.starts_with("requester.")) {
    person(out->mutable_requester(), std::string_view(field).substr(10));
  } else if (field.starts_with("reporter.")) {
    person(out->mutable_reporter(), std::string_view(field).substr(9));
  } else if (field == "impact") {
    out->set_impact(GradeOf(value));
  } else if (field == "urgency") {
    out->set_urgency(GradeOf(value));
  } else if (field == "risk") {
    out->set_risk(GradeOf(value));
  } else if (field == "business_value") {
    out->set_business_value(GradeOf(value));
  } else if (field == "occurred_at") {
    const Result<InstantMs> at = ParseInstant(value);
    if (!at.ok()) return InvalidField(field, "is no instant; write it as 2030-04-23T16:00:00Z");
    wire::PutTime(*at, out->mutable_occurred_at());
  } else if (const auto* known = sb::Submission::descriptor()->FindFieldByName(field)) {
    out->GetReflection()->SetString(out, known, field == "title" ? TitleOf(value) : value);
  }
  return {};
}

/// The source's defaults where the sender said nothing.
Status FillDefaults(const WebhookSource& source, sb::Submission* out) {
  for (const auto& [field, value] : source.defaults) {
    const auto* known = sb::Submission::descriptor()->FindFieldByName(field);
    const bool said = known != nullptr && known->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING &&
                      !out->GetReflection()->GetString(*out, known).empty();
    const bool graded = known != nullptr && known->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM &&
                        out->GetReflection()->GetEnumValue(*out, known) != 0;
    if (said || graded) continue;
    if (const Status s = SetField(out, field, value); !s.ok()) return s;
  }
  return {};
}

void Finish(const WebhookSource& source, const std::string& delivery_id, size_t index, WebhookNews* news) {
  news->submission.set_source(source.name);
  const std::string name = delivery_id.empty() ? std::string() : "webhook/" + delivery_id + "/" + std::to_string(index);
  if (news->id.empty()) news->id = name.empty() ? ToHex(AsView(Sha256Of(news->submission.SerializeAsString()))) : name;
  // A delivery that is sent again opens no second case.
  if (news->submission.idempotency_key().empty() && news->submission.dedup_key().empty())
    news->submission.set_idempotency_key(Key(name));
}

Result<std::vector<WebhookNews>> ReadSubmissions(const WebhookSource& source, const json& body,
                                                 const std::string& delivery_id) {
  std::vector<const json*> items;
  if (body.is_object() && body.contains("submissions")) {
    if (!body["submissions"].is_array()) return InvalidField("submissions", "must be a list");
    for (const json& item : body["submissions"]) items.push_back(&item);
  } else {
    items.push_back(&body);
  }
  std::vector<WebhookNews> out;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string root = items.size() == 1 ? "submission" : "submissions[" + std::to_string(i) + "]";
    WebhookNews news;
    if (const Status s = wire::FromJson(items[i]->dump(), root, &news.submission); !s.ok()) return s.error();
    if (const Status s = FillDefaults(source, &news.submission); !s.ok()) return s.error();
    Finish(source, delivery_id, i, &news);
    out.push_back(std::move(news));
  }
  return out;
}

Result<WebhookNews> ReadAlert(const WebhookSource& source, const json& alert, const std::string& path) {
  if (!alert.is_object()) return InvalidField(path, "must be an object");
  const std::string fingerprint = TextAt(alert, "fingerprint"), status = TextAt(alert, "status"),
                    starts = TextAt(alert, "startsAt");
  if (fingerprint.empty())
    return InvalidField(path + ".fingerprint", "is missing; Alertmanager 0.20 and later send it");
  if (status != "firing" && status != "resolved") return InvalidField(path + ".status", "must be firing or resolved");
  const json labels = alert.value("labels", json::object()), annotations = alert.value("annotations", json::object());
  WebhookNews news;
  sb::Submission& out = news.submission;
  out.set_dedup_key(Key("alertmanager/" + source.name + "/" + fingerprint));
  out.set_external_ref(Key(fingerprint));
  // The same fingerprint with a new start is a new episode.
  news.id = "alertmanager/" + fingerprint + "/" + starts + "/" + status;
  if (status == "resolved") {
    out.set_action(sb::SUBMISSION_ACTION_CLEAR);
    if (const Result<InstantMs> at = ParseInstant(TextAt(alert, "endsAt")); at.ok())
      wire::PutTime(*at, out.mutable_occurred_at());
    return news;
  }
  out.set_action(sb::SUBMISSION_ACTION_REPORT);
  out.set_kind("alert");
  out.set_proactive(true);
  const std::string name = TextAt(labels, "alertname");
  std::string title = TextAt(annotations, "summary");
  if (title.empty()) title = TextAt(annotations, "title");
  if (title.empty()) title = name.empty() ? "alert " + fingerprint : name;
  out.set_title(TitleOf(title));
  out.set_description(std::string(wire::CutUtf8(TextAt(annotations, "description"), kLongTextBytes)));
  const std::string service = TextAt(labels, "service").empty() ? TextAt(labels, "job") : TextAt(labels, "service");
  if (service.size() <= kServiceBytes) out.set_service(service);
  out.set_region(TextAt(labels, "region"));
  out.set_impact(GradeOfSeverity(TextAt(labels, "severity")));
  out.set_urgency(out.impact());
  if (const std::string url = TextAt(alert, "generatorURL"); IsWeb(url)) out.set_external_url(url);
  if (const Result<InstantMs> at = ParseInstant(starts); at.ok()) wire::PutTime(*at, out.mutable_occurred_at());
  if (!labels.is_object()) return news;
  for (const auto& [key, value] : labels.items()) {
    if (value.is_string() && static_cast<int>(out.labels().size()) < kMostLabels) {
      (*out.mutable_labels())[key] = std::string(wire::CutUtf8(value.get<std::string>(), kLabelBytes));
    }
  }
  return news;
}

Result<std::vector<WebhookNews>> ReadAlertmanager(const WebhookSource& source, const json& body,
                                                  const std::string& delivery_id) {
  if (!body.is_object() || !body.contains("alerts") || !body["alerts"].is_array()) {
    return InvalidField("alerts", "is missing; this source is set to Alertmanager's webhook format, version 4");
  }
  std::vector<WebhookNews> out;
  for (size_t i = 0; i < body["alerts"].size(); ++i) {
    Result<WebhookNews> news = ReadAlert(source, body["alerts"][i], "alerts[" + std::to_string(i) + "]");
    if (!news.ok()) return news.error();
    if (const Status s = FillDefaults(source, &news->submission); !s.ok()) return s.error();
    Finish(source, delivery_id, i, &*news);
    out.push_back(std::move(*news));
  }
  return out;
}

std::optional<std::string> At(const json& body, const std::string& pointer) {
  try {
    const json::json_pointer at(pointer);
    if (!body.contains(at)) return std::nullopt;
    const json& value = body.at(at);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return value.dump();
  } catch (const json::exception&) {
    // A pointer that fits no such document finds nothing.
  }
  return std::nullopt;
}

bool Holds(const std::optional<WhenField>& when, const json& body) {
  if (!when) return false;
  const std::optional<std::string> value = At(body, when->pointer);
  return value && std::find(when->any_of.begin(), when->any_of.end(), *value) != when->any_of.end();
}

Result<std::vector<WebhookNews>> ReadMapped(const WebhookSource& source, const json& body,
                                            const std::string& delivery_id) {
  WebhookNews news;
  for (const auto& [field, pointer] : source.fields) {
    const std::optional<std::string> value = At(body, pointer);
    if (!value || value->empty()) continue;
    if (const Status s = SetField(&news.submission, field, *value); !s.ok()) return s.error();
  }
  if (const Status s = FillDefaults(source, &news.submission); !s.ok()) return s.error();
  news.submission.set_action(sb::SUBMISSION_ACTION_REPORT);
  if (Holds(source.close_when, body)) news.submission.set_action(sb::SUBMISSION_ACTION_CLOSE);
  if (Holds(source.clear_when, body)) news.submission.set_action(sb::SUBMISSION_ACTION_CLEAR);
  Finish(source, delivery_id, 0, &news);
  std::vector<WebhookNews> out;
  out.push_back(std::move(news));
  return out;
}

}  // namespace

Result<std::vector<WebhookNews>> ReadWebhook(const WebhookSource& source, const json& body,
                                             const std::string& delivery_id) {
  Result<std::vector<WebhookNews>> news =
      source.format == WebhookFormat::kAlertmanager ? ReadAlertmanager(source, body, delivery_id)
      : source.format == WebhookFormat::kMapped     ? ReadMapped(source, body, delivery_id)
                                                    : ReadSubmissions(source, body, delivery_id);
  if (news.ok() && news->size() > kMostNews) {
    return InvalidField("body", "has " + std::to_string(news->size()) + " items; at most " + std::to_string(kMostNews) +
                                    " are taken at once (Alertmanager: max_alerts)");
  }
  return news;
}

}  // namespace escalon::intake
