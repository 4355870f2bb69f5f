#include "services/escalonctl/cases/paging.h"

#include <ostream>
#include <utility>

namespace escalon::escalonctl {

std::vector<Option> PageOptions() {
  return {{.name = "--page-size",
           .kind = ValueKind::kNumber,
           .help = "At once.",
           .field = "page_size",
           .least = 1,
           .most = 500,
           .fallback = "50"},
          {.name = "--page-token",
           .help = "The page that follows the one which said this.",
           .field = "page_token",
           .value = "TOKEN"},
          {.name = "--all", .kind = ValueKind::kFlag, .help = "All pages."}};
}

Result<Json> GatherPages(Session& session, std::string_view method, Json request, const Arguments& arguments,
                         const char* list, bool all) {
  if (all && !arguments.Has("page-size")) request["page_size"] = 500;
  Json items = Json::array();
  while (true) {
    Result<Json> page = session.Call(method, request);
    if (!page) return page.error();
    if (page->contains(list)) {
      for (Json& item : (*page)[list]) items.push_back(std::move(item));
    }
    const std::string next = page->value("next_page_token", "");
    if (!all || next.empty()) {
      (*page)[list] = std::move(items);
      return page;
    }
    request["page_token"] = next;
  }
}

void HintMore(Session& session, const Json& answer) {
  if (session.printer().json()) return;
  if (answer.value("stale", false))
    session.err() << "escalonctl: part of the live view is behind: this may have changed\n";
  const std::string next = answer.value("next_page_token", "");
  if (!next.empty()) session.err() << "escalonctl: there is more: --page-token " << next << ", or --all\n";
}

}  // namespace escalon::escalonctl
