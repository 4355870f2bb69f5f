#include "common/calc/calculator.h"

#include <array>
#include <optional>
#include <utility>

#include "common/calc/json.h"
#include "common/calc/place.h"
#include "common/calc/queries.h"

namespace escalon::calc {
namespace {

struct Query {
  std::string_view name;
  QueryFunction answer;
};

constexpr std::array<Query, 13> kQueries{{{"business_time.add", AddBusinessTime},
                                          {"business_time.sub", SubtractBusinessTime},
                                          {"business_time.between", BusinessTimeBetween},
                                          {"business_time.is_open", IsOpenAt},
                                          {"business_time.next_open", NextOpeningAt},
                                          {"business_time.next_close", NextClosingAt},
                                          {"business_time.prev_close", PreviousClosingAt},
                                          {"business_time.add_days", AddWorkingDays},
                                          {"local_time", ResolveLocalTime},
                                          {"sla", AskClocks},
                                          {"rotation", AskRotation},
                                          {"schedule", AskSchedule},
                                          {"path", AskPath}}};

Json Refusal(const FieldViolation& fault, int64_t number) {
  Json error = Json::Object();
  error.Set("field", fault.field).Set("message", fault.message);
  Json out = Json::Object();
  out.Set("line", number).Set("error", std::move(error));
  return out;
}

/// The answer without its id.
Json AnswerQuery(const Json& json, int64_t number, const AnswerForm& form) {
  FirstFault fault;
  const Place query(json, "", &fault);
  Json result;
  const Json* name = json.Find("query");
  if (name == nullptr || name->is(Json::Kind::kNull)) {
    fault.Add("query", "is required; `escalonctl calc --help` lists the queries");
  } else if (const QueryFunction answer = name->is(Json::Kind::kString) ? FindQuery(name->text) : nullptr) {
    result = answer(query, form);
  } else {
    fault.Add("query", "is no query that is known; `escalonctl calc --help` lists them");
  }
  if (fault) return Refusal(*fault, number);
  Json out = Json::Object();
  out.Set("result", std::move(result));
  return out;
}

}  // namespace

QueryFunction FindQuery(std::string_view name) {
  for (const Query& query : kQueries) {
    if (query.name == name) return query.answer;
  }
  return nullptr;
}

LineAnswer AnswerLine(std::string_view line, int64_t number, const AnswerForm& form) {
  if (line.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  std::string problem;
  std::optional<Json> json;
  if (line.size() > kMostLineBytes) {
    problem = "is longer than 1 MiB; ask in several lines";
  } else {
    json = ParseJson(line, kMostLevels, &problem);
    if (json && !json->is(Json::Kind::kObject)) {
      problem = "is no object; write one query a line, such as {\"query\":\"local_time\", ...}";
      json.reset();
    }
  }
  if (!json) return {WriteJson(Refusal({"", "the line " + problem}, number)), true};
  Json answer = AnswerQuery(*json, number, form);
  const bool refused = answer.Find("error") != nullptr;
  if (const Json* id = json->Find("id")) {
    answer.keys.insert(answer.keys.begin(), "id");
    answer.items.insert(answer.items.begin(), *id);
  }
  return {WriteJson(answer), refused};
}

}  // namespace escalon::calc
