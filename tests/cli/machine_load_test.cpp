#include "cli/machine_load.h"

#include <gtest/gtest.h>

namespace kiloword::cli {
namespace {

TEST(MachineLoad, MoreThreadsThanCoresAreBusy) {
  EXPECT_FALSE(is_busy("0.20 0.18 0.12 1/80 11206\n", 2));
  EXPECT_FALSE(is_busy("2.00 9.00 9.00 2/80 11206\n", 2));
  EXPECT_TRUE(is_busy("2.01 0.18 0.12 1/80 11206\n", 2));
  EXPECT_TRUE(is_busy("0.20 0.18 0.12 3/80 11206\n", 2));
  EXPECT_FALSE(is_busy("3.50 0.18 0.12 4/80 11206\n", 4));
}

TEST(MachineLoad, WhatIsNotKnownIsIdle) {
  EXPECT_FALSE(is_busy("", 2));
  EXPECT_FALSE(is_busy("9.00 9.00", 2));
  EXPECT_FALSE(is_busy("busy", 2));
}

}  // namespace
}  // namespace kiloword::cli
