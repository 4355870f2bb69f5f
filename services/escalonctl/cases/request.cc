#include "services/escalonctl/cases/request.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/core/digest.h"
#include "common/core/ids.h"
#include "common/core/random.h"
#include "common/domain/money.h"

namespace escalon::escalonctl {
namespace {

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

Json ValueOf(const Option& option, const std::string& text) {
  switch (option.kind) {
    case ValueKind::kNumber: {
      int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case ValueKind::kChoice:
      return option.prefix.empty() ? text : option.prefix + Upper(text);
    case ValueKind::kMoney: {
      const Result<Money> money = ParseMoney(text, "");  // judged by the parser
      return Json{{"minor", std::to_string(money->minor)}, {"currency", money->currency}};
    }
    default:
      return text;
  }
}

Json PairsOf(const Option& option, const std::vector<std::string>& texts) {
  const size_t comma = option.prefix.find(',');
  Json out = option.prefix.empty() ? Json::object() : Json::array();
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals), value = text.substr(equals + 1);
    if (option.prefix.empty()) {
      out[name] = value;
    } else {
      out.push_back({{option.prefix.substr(0, comma), name}, {option.prefix.substr(comma + 1), value}});
    }
  }
  return out;
}

}  // namespace

void PutAt(Json& request, std::string_view field, Json value) {
  Json* at = &request;
  while (true) {
    const size_t dot = field.find('.');
    at = &(*at)[std::string(field.substr(0, dot))];
    if (dot == std::string_view::npos) break;
    field.remove_prefix(dot + 1);
  }
  *at = std::move(value);
}

Json RequestFrom(const std::vector<Option>& options, const Arguments& arguments) {
  Json request = Json::object();
  for (const Option& option : options) {
    const std::string key = option.key();
    if (option.field.empty() || !arguments.Has(key)) continue;
    if (option.kind == ValueKind::kFlag) {
      PutAt(request, option.field, true);
    } else if (option.kind == ValueKind::kPair) {
      PutAt(request, option.field, PairsOf(option, arguments.List(key)));
    } else if (option.repeated) {
      Json list = Json::array();
      for (const std::string& text : arguments.List(key)) list.push_back(ValueOf(option, text));
      PutAt(request, option.field, std::move(list));
    } else {
      PutAt(request, option.field, ValueOf(option, arguments.Text(key)));
    }
  }
  return request;
}

Option CaseOption() {
  return {.name = "CASE", .help = "UUID of the case, or SOURCE/NUMBER as its source knows it.", .required = true};
}

Option TextOption(std::string name, std::string help, std::string field, std::string value) {
  return {.name = std::move(name), .help = std::move(help), .field = std::move(field), .value = std::move(value)};
}

Option AmountOption() {
  return {.name = "--amount",
          .kind = ValueKind::kMoney,
          .help = "With its currency: \"1200.50 EUR\".",
          .field = "amount",
          .value = "AMOUNT"};
}

Option FlagOption(std::string name, std::string help, std::string field) {
  return {.name = std::move(name), .kind = ValueKind::kFlag, .help = std::move(help), .field = std::move(field)};
}

Option ChoiceOption(std::string name, std::string help, std::string field, std::string prefix,
                    std::vector<std::string> choices) {
  return {.name = std::move(name),
          .kind = ValueKind::kChoice,
          .help = std::move(help),
          .field = std::move(field),
          .prefix = std::move(prefix),
          .choices = std::move(choices)};
}

Option TrackOption() {
  Option option = ChoiceOption("--track", "To more expertise, or to more authority.", "track", "TRACK_",
                               {"functional", "hierarchical"});
  option.fallback = "functional";
  return option;
}

Option Required(Option option) {
  option.required = true;
  return option;
}

Option Repeated(Option option) {
  option.repeated = true;
  return option;
}

Result<std::string> ResolveCase(Session& session, const std::string& reference) {
  const size_t slash = reference.find('/');
  if (slash == std::string::npos) {
    if (const Result<CaseId> id = CaseId::Parse(reference); !id) {
      return InvalidField("CASE", "\"" + reference + "\" is no UUID; give the case's id, or SOURCE/NUMBER");
    }
    return reference;
  }
  const Result<Json> found =
      session.Call("QueryService/GetByExternalRef",
                   {{"source", reference.substr(0, slash)}, {"external_ref", reference.substr(slash + 1)}});
  if (!found) return found.error();
  const Json::json_pointer id("/case/case_id");
  if (!found->contains(id) || !found->at(id).is_string()) return Error{ErrorCode::kNotFound, "no case " + reference};
  return found->at(id).get<std::string>();
}

std::string FreshId() {
  const Bytes16 bytes = RandomBytes16();
  return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace escalon::escalonctl
