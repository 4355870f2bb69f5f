#include <algorithm>

#include "common/domain/decide_parts.h"

namespace escalon {

namespace {

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

}  // namespace

size_t CharactersOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

std::string_view CutToCharacters(std::string_view text, size_t most) {
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (BeginsCharacter(text[at]) && ++characters > most) return text.substr(0, at);
  }
  return text;
}

}  // namespace escalon

namespace escalon::decide {
namespace {

constexpr size_t kLongestWord = 256;
constexpr size_t kLongestSealed = 64 * 1024;
constexpr size_t kLongestUrl = 2048;
constexpr size_t kMostEntries = 64;
constexpr size_t kLongestLabel = 4096;
constexpr size_t kMostPackageBytes = 128 * 1024;

Status CheckList(const std::vector<std::string>& list, const std::string& field) {
  if (list.size() > kMostEntries) return InvalidField(field, "more than 64 entries; keep those that matter");
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].size() > kLongestWord)
      return InvalidField(field + "[" + std::to_string(i) + "]", "longer than 256 bytes");
  }
  return {};
}

Status CheckLabels(const std::map<std::string, std::string>& labels, const std::string& field) {
  if (labels.size() > kMostEntries) return InvalidField(field, "more than 64 labels; keep those that matter");
  for (const auto& [key, value] : labels) {
    if (key.size() > kLongestWord) return InvalidField(field, "a key is longer than 256 bytes");
    if (value.size() > kLongestLabel)
      return InvalidField(field + "." + key, "longer than 4096 bytes; refer to it instead");
  }
  return {};
}

Status CheckParty(const Party& party, const std::string& field) {
  if (Status s = CheckText(party.subject, kLongestWord, field + ".subject"); !s) return s;
  if (Status s = CheckText(party.sealed_name, kLongestLabel, field + ".sealed_name"); !s) return s;
  if (Status s = CheckText(party.sealed_contact, kLongestLabel, field + ".sealed_contact"); !s) return s;
  return CheckText(party.language, kLongestWord, field + ".language");
}

}  // namespace

Status CheckText(const std::string& text, size_t most, const std::string& field) {
  if (text.size() <= most) return {};
  return InvalidField(field, "longer than " + std::to_string(most) + " bytes; shorten it or attach it by reference");
}

Status CheckFacts(const Facts& f, const std::string& field) {
  struct Word {
    const std::string& text;
    const char* name;
    size_t most;
  };
  const Word words[] = {
      {f.kind, ".kind", kLongestWord},
      {f.title, ".title", kMostTitleBytes},
      {f.sealed_text, ".sealed_text", kLongestSealed},
      {f.service, ".service", kLongestWord},
      {f.category, ".category", kLongestWord},
      {f.region, ".region", kLongestWord},
      {f.residency, ".residency", kLongestWord},
      {f.customer, ".customer", kLongestWord},
      {f.contract, ".contract", kLongestWord},
      {f.source, ".source", kLongestWord},
      {f.external_ref, ".external_ref", kLongestWord},
      {f.external_url, ".external_url", kLongestUrl},
  };
  for (const Word& word : words) {
    if (word.text.size() <= word.most) continue;
    return CheckText(word.text, word.most, field + word.name);
  }
  if (CharactersOf(f.title) > kLongestTitle) {
    return InvalidField(field + ".title", "longer than 200 characters; shorten it, and say the rest in the text");
  }
  if (Status s = CheckParty(f.reporter, field + ".reporter"); !s) return s;
  if (Status s = CheckParty(f.requester, field + ".requester"); !s) return s;
  if (Status s = CheckList(f.tags, field + ".tags"); !s) return s;
  if (Status s = CheckList(f.skills, field + ".skills"); !s) return s;
  if (f.occurred_at < 0) return InvalidField(field + ".occurred_at", "lies before 1970");
  return CheckLabels(f.labels, field + ".labels");
}

Status CheckPackage(const HandoverPackage& package, const std::string& field) {
  if (package.fields.size() > kMostEntries) return InvalidField(field + ".fields", "more than 64 fields");
  size_t bytes = 0;
  for (const auto& [key, value] : package.fields) {
    if (key.empty() || key.size() > kLongestWord)
      return InvalidField(field + ".fields", "a name is empty or longer than 256 bytes");
    bytes += value.size();
  }
  if (bytes > kMostPackageBytes)
    return InvalidField(field + ".fields", "more than 128 KiB in all; attach long texts by reference");
  return {};
}

}  // namespace escalon::decide
