#include "common/explanation/page.h"

#include <utility>

namespace escalon::explanation {

void Chapter::Say(std::string text) {
  if (!text.empty()) blocks.emplace_back(Paragraph{std::move(text)});
}

void Chapter::Say(Bullets bullets) {
  if (!bullets.items.empty()) blocks.emplace_back(std::move(bullets));
}

void Chapter::Say(PageTable table) {
  if (!table.rows.empty()) blocks.emplace_back(std::move(table));
}

}  // namespace escalon::explanation
