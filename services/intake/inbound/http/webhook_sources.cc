#include "services/intake/inbound/http/webhook_sources.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/security/secret.h"
#include "common/security/text_guard.h"

namespace escalon::intake {
namespace {

constexpr char kOption[] = "webhooks.file";
constexpr size_t kMostBytes = 1 << 20;
constexpr auto kKeys = std::to_array<std::string_view>(
    {"name", "tenant", "format", "scheme", "secrets", "fields", "defaults", "clear_when", "close_when", "note"});

/// Fields of a submission that a pointer or a default may fill.
constexpr auto kFields = std::to_array<std::string_view>({"idempotency_key",
                                                          "dedup_key",
                                                          "external_ref",
                                                          "external_url",
                                                          "kind",
                                                          "title",
                                                          "description",
                                                          "service",
                                                          "category",
                                                          "region",
                                                          "residency",
                                                          "customer",
                                                          "contract",
                                                          "impact",
                                                          "urgency",
                                                          "risk",
                                                          "business_value",
                                                          "occurred_at",
                                                          "requester.id",
                                                          "requester.name",
                                                          "requester.contact",
                                                          "requester.language",
                                                          "reporter.id",
                                                          "reporter.name",
                                                          "reporter.contact",
                                                          "reporter.language"});

template <size_t N>
bool Has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Text(const YAML::Node& node) { return node.IsScalar() ? node.Scalar() : std::string(); }

Status ReadTexts(const YAML::Node& node, const std::string& path, bool pointers,
                 std::map<std::string, std::string>* out) {
  if (!node) return {};
  if (!node.IsMap()) return InvalidField(path, "must be a map from a field of a submission");
  for (const auto& entry : node) {
    const std::string field = Text(entry.first), value = Text(entry.second);
    if (!Has(kFields, field))
      return InvalidField(path + "." + field, "is no field that can be filled; see the list in the README");
    if (pointers && !value.starts_with('/'))
      return InvalidField(path + "." + field, "must be a JSON pointer such as /issue/key");
    (*out)[field] = value;
  }
  return {};
}

Status ReadWhen(const YAML::Node& node, const std::string& path, std::optional<WhenField>* out) {
  if (!node) return {};
  if (!node.IsMap() || node.size() != 2 || !node["at"] || !node["is"])
    return InvalidField(path, "must be {at: /pointer, is: [value]}");
  WhenField when{Text(node["at"]), {}};
  if (!when.pointer.starts_with('/')) return InvalidField(path + ".at", "must be a JSON pointer such as /status");
  if (node["is"].IsScalar()) when.any_of.push_back(Text(node["is"]));
  for (const auto& value : node["is"]) when.any_of.push_back(Text(value));
  *out = std::move(when);
  return {};
}

Result<std::vector<Secret>> ReadSecrets(const YAML::Node& node, const std::string& path, SignatureScheme scheme) {
  if (!node.IsSequence() || node.size() == 0)
    return InvalidField(path, "must be a list of secrets; leave it out to demand an API key");
  const bool standard = scheme == SignatureScheme::kStandardWebhooks || scheme == SignatureScheme::kSvix;
  std::vector<Secret> out;
  for (size_t i = 0; i < node.size(); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    if (!standard) {
      out.emplace_back(Text(node[i]));
      continue;
    }
    Result<Secret> secret = ParseWebhookSecret(at, Text(node[i]));
    if (!secret.ok()) return secret.error();
    out.push_back(std::move(*secret));
  }
  return out;
}

Status ReadVerifier(const YAML::Node& node, const std::string& path, WebhookSource* out) {
  if (!node["secrets"]) {
    if (node["scheme"]) return InvalidField(path + ".secrets", "is missing; a scheme needs them");
    return {};
  }
  const std::string name = node["scheme"] ? Text(node["scheme"]) : "standard_webhooks";
  const Result<SignatureScheme> scheme = ParseSignatureScheme(path + ".scheme", name);
  if (!scheme.ok()) return scheme.error();
  Result<std::vector<Secret>> secrets = ReadSecrets(node["secrets"], path + ".secrets", *scheme);
  if (!secrets.ok()) return secrets.error();
  Result<WebhookVerifier> verifier = WebhookVerifier::Create(path + ".secrets", *scheme, std::move(*secrets));
  if (!verifier.ok()) return verifier.error();
  out->verifier = std::move(*verifier);
  return {};
}

Result<WebhookSource> ReadSource(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) return InvalidField(path, "must be a map");
  for (const auto& entry : node) {
    if (const std::string key = Text(entry.first); !Has(kKeys, key))
      return InvalidField(path + "." + key, "is not known");
  }
  WebhookSource out;
  out.name = Text(node["name"]);
  out.tenant = Text(node["tenant"]);
  if (const Status s = CheckId(path + ".name", out.name, IdKind::kName); !s.ok()) return s.error();
  if (const Status s = CheckId(path + ".tenant", out.tenant, IdKind::kTenant); !s.ok()) return s.error();
  const std::string format = node["format"] ? Text(node["format"]) : "submission";
  if (format == "alertmanager") {
    out.format = WebhookFormat::kAlertmanager;
  } else if (format == "mapped") {
    out.format = WebhookFormat::kMapped;
  } else if (format != "submission") {
    return InvalidField(path + ".format", "must be submission, alertmanager or mapped");
  }
  if (const Status s = ReadVerifier(node, path, &out); !s.ok()) return s.error();
  if (const Status s = ReadTexts(node["fields"], path + ".fields", true, &out.fields); !s.ok()) return s.error();
  if (const Status s = ReadTexts(node["defaults"], path + ".defaults", false, &out.defaults); !s.ok()) return s.error();
  if (const Status s = ReadWhen(node["clear_when"], path + ".clear_when", &out.clear_when); !s.ok()) return s.error();
  if (const Status s = ReadWhen(node["close_when"], path + ".close_when", &out.close_when); !s.ok()) return s.error();
  const bool mapped = out.format == WebhookFormat::kMapped;
  if (mapped && !out.fields.contains("title") && !out.defaults.contains("title")) {
    return InvalidField(path + ".fields.title", "is missing; say where the title stands");
  }
  if (!mapped && (!out.fields.empty() || out.clear_when || out.close_when)) {
    return InvalidField(path + ".fields", "and clear_when, close_when are for the format mapped");
  }
  return out;
}

}  // namespace

Result<WebhookSources> WebhookSources::Load(const std::string& path) {
  if (path.empty()) return WebhookSources();
  const Result<std::string> text = ReadGuardedFile(kOption, path, kMostBytes, true);
  if (!text.ok()) return text.error();
  return Parse(*text);
}

Result<WebhookSources> WebhookSources::Parse(const std::string& yaml) {
  YAML::Node root;
  try {
    root = YAML::Load(yaml);
    if (!root.IsMap() || Text(root["version"]) != "1" || !root["sources"] || !root["sources"].IsSequence()) {
      return InvalidField(kOption, "must hold version: 1 and a list of sources");
    }
    WebhookSources out;
    for (size_t i = 0; i < root["sources"].size(); ++i) {
      const std::string path = "sources[" + std::to_string(i) + "]";
      Result<WebhookSource> source = ReadSource(root["sources"][i], path);
      if (!source.ok()) return source.error();
      const std::string name = source->name;
      if (!out.sources_.emplace(name, std::move(*source)).second)
        return InvalidField(path + ".name", "stands there twice");
    }
    return out;
  } catch (const YAML::Exception& e) {
    return InvalidField(kOption, "line " + std::to_string(e.mark.line + 1) + " is no YAML: " + e.msg);
  }
}

const WebhookSource* WebhookSources::Find(std::string_view name) const {
  const auto found = sources_.find(name);
  return found == sources_.end() ? nullptr : &found->second;
}

}  // namespace escalon::intake
