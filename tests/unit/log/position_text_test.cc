#include "common/log/position_text.h"

#include <gtest/gtest.h>

#include "tests/unit/log/records.h"

namespace escalon::log {
namespace {

TEST(PositionText, ComesBack) {
  for (const Position& p :
       {Position{}, Position{1, 2, OwnerNamed(0xf0), 3}, Position{INT64_MAX, UINT64_MAX, OwnerNamed(0xff), UINT64_MAX}})
    EXPECT_EQ(ParsePosition(FormatPosition(p)).value(), p);
  EXPECT_EQ(FormatPosition({7, 2, OwnerNamed(0xab), 5}), "p1 7 2 abababababababababababababababab 5");
}

TEST(PositionText, RefusesAnythingElse) {
  const std::string good = FormatPosition({7, 2, OwnerNamed(0xab), 5});
  for (size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(ParsePosition(good.substr(0, cut)).ok()) << cut;
  for (const std::string& bad : {std::string(), good + " ", " " + good, good + " 1", "p2" + good.substr(2),
                                 std::string("p1 -7 2 abababababababababababababababab 5"),
                                 std::string("p1 7 -2 abababababababababababababababab 5"),
                                 std::string("p1 7 2 xbababababababababababababababab 5"),
                                 std::string("p1 99999999999999999999 2 abababababababababababababababab 5"),
                                 std::string("p1 7  2 abababababababababababababababab 5"), std::string(100, '\0')})
    EXPECT_FALSE(ParsePosition(bad).ok()) << bad;
}

}  // namespace
}  // namespace escalon::log
