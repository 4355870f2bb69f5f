#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace escalon::documents {

/// What the readers understand at each place of a document: the proof that the published schema says the same. Private
/// to the room and its tests.
struct KeyCensus {
  std::map<std::string, std::set<std::string>> keys;   ///< of the map at a path; names that people choose are left out
  std::map<std::string, std::set<std::string>> words;  ///< of the closed set at a path
};

/// Places that a document does not have are not seen.
KeyCensus CensusOfPolicy(std::string_view text);
KeyCensus CensusOfRoster(std::string_view text);

}  // namespace escalon::documents
