#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <string>

#include "escalon/cases/v1/case_service.pb.h"
#include "escalon/policy/v1/policy_service.pb.h"
#include "escalon/query/v1/query_service.pb.h"
#include "escalon/roster/v1/roster_service.pb.h"
#include "services/intake/inbound/http/http_gateway.h"
#include "services/intake/inbound/http/openapi_document.h"

namespace escalon::intake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const YAML::Node& Document() {
  static const YAML::Node kDocument = YAML::Load(std::string(OpenApiDocument()));
  return kDocument;
}

TEST(OpenApi, IsOfTheVersionItSays) { EXPECT_EQ(Document()["openapi"].as<std::string>(), "3.1.0"); }

TEST(OpenApi, EveryRouteIsInTheDocumentAndEveryPathIsServed) {
  std::set<std::string> served, described;
  for (const HttpGateway::Route& route : HttpGateway::Routes())
    served.insert(std::string(route.method) + " " + std::string(route.pattern));
  for (const auto& path : Document()["paths"]) {
    for (const auto& operation : path.second) {
      std::string method = operation.first.as<std::string>();
      if (method == "parameters") continue;
      std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
      described.insert(method + " " + path.first.as<std::string>());
    }
  }
  EXPECT_EQ(served, described);
}

TEST(OpenApi, OperationsHaveNamesOfTheirOwnAndAnswerErrorsAsProblems) {
  std::set<std::string> names;
  for (const auto& path : Document()["paths"]) {
    for (const auto& operation : path.second) {
      if (operation.first.as<std::string>() == "parameters") continue;
      EXPECT_TRUE(names.insert(operation.second["operationId"].as<std::string>()).second);
      const bool itself = path.first.as<std::string>() == "/openapi.yaml";
      EXPECT_TRUE(itself || operation.second["responses"]["default"].IsDefined()) << path.first.as<std::string>();
    }
  }
}

void CollectReferences(const YAML::Node& node, std::set<std::string>* out) {
  if (node.IsMap()) {
    for (const auto& entry : node) {
      if (entry.first.as<std::string>() == "$ref") {
        out->insert(entry.second.as<std::string>());
      } else {
        CollectReferences(entry.second, out);
      }
    }
  } else if (node.IsSequence()) {
    for (const auto& item : node) CollectReferences(item, out);
  }
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  std::set<std::string> references;
  CollectReferences(Document(), &references);
  EXPECT_GT(references.size(), 50u);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/components/")) << reference;
    const std::string rest = reference.substr(13);
    const size_t slash = rest.find('/');
    EXPECT_TRUE(Document()["components"][rest.substr(0, slash)][rest.substr(slash + 1)].IsDefined()) << reference;
  }
}

// Fields that are Escalon's own services' only.
bool IsInternal(const FieldDescriptor& field) {
  static const std::set<std::string> kNames = {
      "escalon.cases.v1.Command.open_case",         "escalon.cases.v1.Command.record_triage",
      "escalon.cases.v1.Command.clock_due",         "escalon.cases.v1.Command.report_nobody_reached",
      "escalon.cases.v1.Command.absorb_cross_case", "escalon.cases.v1.Command.record_cross_case",
      "escalon.cases.v1.ChangeFacts.facts"};
  return field.name().starts_with("sealed_") || kNames.contains(field.full_name());
}

std::string SchemaName(const Descriptor& message) {
  static const std::set<std::string> kShared = {"ApplyRequest", "ApplyResponse", "ValidateRequest", "ValidateResponse",
                                                "GetRequest",   "GetResponse",   "ListRequest",     "ListResponse"};
  const std::string package = message.file()->package();
  if (kShared.contains(message.name()) && package == "escalon.policy.v1") return "Policy" + message.name();
  if (kShared.contains(message.name()) && package == "escalon.roster.v1") return "Roster" + message.name();
  return message.name();
}

void Compare(const Descriptor& message, std::set<std::string>* seen) {
  if (message.file()->package() == "google.protobuf" || message.file()->package() == "escalon.events.v1") return;
  const std::string name = SchemaName(message);
  if (message.options().map_entry() || !seen->insert(name).second) return;
  const YAML::Node schema = Document()["components"]["schemas"][name];
  ASSERT_TRUE(schema.IsDefined()) << "no schema " << name;
  std::set<std::string> wanted, there;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (IsInternal(field)) continue;
    wanted.insert(field.name());
    if (field.message_type() != nullptr) Compare(*field.message_type(), seen);
    if (field.enum_type() == nullptr) continue;
    std::set<std::string> values, named;
    for (int v = 0; v < field.enum_type()->value_count(); ++v) values.insert(field.enum_type()->value(v)->name());
    for (const auto& value : Document()["components"]["schemas"][field.enum_type()->name()]["enum"])
      named.insert(value.as<std::string>());
    EXPECT_EQ(values, named) << field.enum_type()->name();
  }
  for (const auto& property : schema["properties"]) there.insert(property.first.as<std::string>());
  EXPECT_EQ(wanted, there) << name;
}

TEST(OpenApi, SchemasSayWhatTheContractSays) {
  std::set<std::string> seen;
  for (const Descriptor* message :
       {submission::v1::Submission::descriptor(),     cases::v1::Command::descriptor(),
        cases::v1::CommandResult::descriptor(),       cases::v1::SubmitManyRequest::descriptor(),
        cases::v1::SubmitManyResponse::descriptor(),  cases::v1::ListCasesResponse::descriptor(),
        cases::v1::GetCaseResponse::descriptor(),     query::v1::GetByExternalRefResponse::descriptor(),
        query::v1::CountCasesResponse::descriptor(),  query::v1::GetHistoryResponse::descriptor(),
        query::v1::GetTraceResponse::descriptor(),    query::v1::ExplainResponse::descriptor(),
        query::v1::MayDecideResponse::descriptor(),   policy::v1::ApplyRequest::descriptor(),
        policy::v1::ApplyResponse::descriptor(),      policy::v1::ValidateRequest::descriptor(),
        policy::v1::ValidateResponse::descriptor(),   policy::v1::GetResponse::descriptor(),
        policy::v1::ListResponse::descriptor(),       roster::v1::ApplyRequest::descriptor(),
        roster::v1::ApplyResponse::descriptor(),      roster::v1::ValidateRequest::descriptor(),
        roster::v1::ValidateResponse::descriptor(),   roster::v1::GetResponse::descriptor(),
        roster::v1::WhoIsOnCallResponse::descriptor()}) {
    Compare(*message, &seen);
  }
  EXPECT_GT(seen.size(), 60u);
}

}  // namespace
}  // namespace escalon::intake
