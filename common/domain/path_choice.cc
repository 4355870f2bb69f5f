#include <string>
#include <utility>

#include "common/domain/policy.h"

namespace escalon {

const Path* ChoosePath(const Policy& policy, const Case& c, std::vector<TraceLine>* trace) {
  const Path* best = nullptr;
  TraceLine why;
  for (const Path& path : policy.paths) {
    if (best != nullptr && path.precedence <= best->precedence) continue;
    std::vector<std::pair<std::string, std::string>> saw;
    if (!Holds(path.when, c, trace != nullptr ? &saw : nullptr)) continue;
    best = &path;
    why = {"paths." + path.id + ".when", "path " + path.id, std::move(saw)};
  }
  if (best != nullptr && trace != nullptr) trace->push_back(std::move(why));
  return best;
}

}  // namespace escalon
